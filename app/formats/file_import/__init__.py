"""Files of any kind imported into a ladder: our own exports as edits, other people's sheets as content."""
