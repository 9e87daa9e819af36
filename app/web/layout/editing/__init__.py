"""Forms that change a draft: their fields, saving, and conflicts between two people."""
