"""Flat tables, workbooks and files for other systems."""
