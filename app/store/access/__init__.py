"""Credentials in the database: API keys and page sessions."""
