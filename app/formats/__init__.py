"""A ladder in and out of files."""
