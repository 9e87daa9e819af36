"""One client's connection: from its bytes to requests, and from responses to bytes (HTTP/1.1, RFC 9112)."""
