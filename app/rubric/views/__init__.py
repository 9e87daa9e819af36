"""Views: pure functions of one release."""
