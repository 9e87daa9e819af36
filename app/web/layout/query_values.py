"""What forms send: a field that was left empty was not asked for."""

from typing import Final

from pydantic import BeforeValidator


def _unset(value: object) -> object:
    return value or None


EMPTY_IS_UNSET: Final = BeforeValidator(_unset)
"""For a field of a query: left empty, it reads as one that is not there."""
