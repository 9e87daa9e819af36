"""YAML and JSON as text: readers that keep the place of every value, and writers."""
