"""Access over HTTP: API keys, and the rights that admins grant to people."""
