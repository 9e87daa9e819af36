"""The comparison of two levels."""
