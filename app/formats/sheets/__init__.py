"""Sheets and tables: plain grids of cells, flat tables, our own workbook, and files for HR systems."""
