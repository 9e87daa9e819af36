"""One thing that is wrong in the database: what the verifying functions give."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong in the database."""

    code: str
    """Stable name of what is wrong."""
    place: str
    """Where: a release as `slug@1.2.0`, a draft as `slug@draft`, a ladder as `slug`, a key's id, or `database`."""
    detail: str
    """What is wrong, and the cure."""

    def __str__(self) -> str:
        return f"{self.place}: {self.detail}"
