"""The `ladder` command: run, read, check and publish ladders from a shell."""

from app.cli.program import main

__all__ = ["main"]
