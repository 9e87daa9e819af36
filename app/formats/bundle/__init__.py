"""A ladder as a bundle of files."""
