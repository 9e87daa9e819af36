"""Upkeep of the database: migrations, seals, verification, copies."""
