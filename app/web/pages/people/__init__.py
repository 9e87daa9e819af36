"""Pages for admins: people and their rights, and API keys."""
