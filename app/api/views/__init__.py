"""Derived views of a ladder: one file per view, with its bodies beside it."""
