"""Files of other kinds than spreadsheets, read as outlines and grids."""
