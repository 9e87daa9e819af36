"""Sheets read by their mappings: from cells to facts."""
