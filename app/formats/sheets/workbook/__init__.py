"""Our own workbook: a whole ladder as sheets that people edit, and back without loss."""
