"""Parts that pages share: the frame, rendering, cells, Markdown, forms."""
