"""Shared parts of pages: the frame, rendering, cells, Markdown, forms."""
