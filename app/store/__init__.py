"""SQL: tables, engine, rows from and to the value, releases. The only room that imports sqlmodel."""
