"""Pictures of a ladder: pure functions from the value to SVG text, and from SVG text to the bytes of a PNG."""
