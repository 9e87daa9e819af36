"""Facts put together: a ladder, and an account of every text."""
