"""Ladders understood from sheets and texts that other people laid out."""
