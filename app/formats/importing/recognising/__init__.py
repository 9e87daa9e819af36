"""Layouts recognised: from grids and outlines to mappings."""
