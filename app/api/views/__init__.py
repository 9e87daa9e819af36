"""Derived views of a ladder: one file per view, with its bodies next to it."""
