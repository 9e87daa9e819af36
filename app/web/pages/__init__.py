"""One file for each page of a ladder."""
