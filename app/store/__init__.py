"""The database: tables, engine, conversion between rows and ladders, releases. Only this room imports sqlmodel."""
