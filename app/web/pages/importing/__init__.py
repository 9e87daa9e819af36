"""Pages that bring a ladder in: the list of work, new ladders, imports of files."""
