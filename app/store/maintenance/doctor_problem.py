"""The problems that the verifying functions find."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem in the database."""

    code: str
    """The stable name of the problem."""
    place: str
    """The place: `slug@1.2.0` for a release, `slug@draft` for a draft, `slug`, the id of a key, or `database`."""
    detail: str
    """A description of the problem and its fix."""

    def __str__(self) -> str:
        return f"{self.place}: {self.detail}"
