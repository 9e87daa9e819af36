"""Flat tables that people edited, and the ladder that they were made from with these edits."""
