"""The numbers that a release can get, with the one that suits its changes."""

from dataclasses import dataclass
from typing import Final

from app.errors import Conflict
from app.rubric.diff import Diff
from app.rubric.release_line import Position
from app.rubric.releases import FIRST, Bump, Version
from app.web.layout.authoring.ladder_pages import FormRefused
from app.web.layout.editing.form_fields import Choice
from app.web.translation.messages import N_

OTHER: Final = "other"
"""The choice of a number that is typed."""
_MEANINGS: Final[tuple[tuple[Bump, str], ...]] = (
    ("major", N_("Expectations rise or change, or something was removed or renamed.")),
    ("minor", N_("Something was added, explained or is no longer expected.")),
    ("patch", N_("Small corrections, such as spelling and links.")),
)


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers to choose from."""

    choices: tuple[Choice, ...]
    suggested: str
    minimum: Version | None
    """The minimum number that the changes set; None if there is nothing to compare with."""
    may_be_lower: bool
    """True if the ladder's settings allow a lower number, with a reason."""

    def chosen(self, number: str, other: str) -> Version:
        """Return the chosen number. Raises FormRefused."""
        text = other.strip() if number == OTHER else number
        try:
            return Version.parse(text)
        except ValueError:
            field = OTHER if number == OTHER else "number"
            raise FormRefused(N_("Use a number with three parts, such as 1.2.0."), field) from None

    def reason(self, version: Version, because: str) -> str | None:
        """Return the reason for a number; None if it needs none. Raises FormRefused if it is missing."""
        if self.minimum is None or version >= self.minimum:
            return None
        if not self.may_be_lower:
            words = N_(
                "%(number)s is too low for these changes. Choose %(minimum)s or a higher number.",
                number=str(version),
                minimum=str(self.minimum),
            )
            raise FormRefused(words, "number")
        if not because.strip():
            words = N_(
                "%(number)s is lower than these changes need. Say why, or choose %(minimum)s.",
                number=str(version),
                minimum=str(self.minimum),
            )
            raise FormRefused(words, "because")
        return because


def numbers_for(position: Position, diff: Diff, *, may_be_lower: bool) -> Numbers:
    """Return the numbers for a draft: the next of each class, and any other."""
    least = diff.least_bump or "patch"
    if position.base is None:
        minimum, suggested = None, FIRST if position.newest is None else position.bumped("major")
        if position.newest is None:
            return Numbers(_with_other(Choice(str(FIRST), _suggested(FIRST))), str(FIRST), None, True)
    else:
        minimum, suggested = position.bumped(least), _fitting(position, least)
    found = []
    for bump, meaning in _MEANINGS:
        number = position.bumped(bump)
        too_low = minimum is not None and number < minimum and not may_be_lower
        if position.has(number) and not too_low:
            words = _suggested(number) if number == suggested else str(number)
            found.append(Choice(str(number), words, meaning))
    return Numbers(_with_other(*found), str(suggested), minimum, may_be_lower)


def _fitting(position: Position, least: Bump) -> Version:
    """Return the number that suits the changes and is free; the minimum if none is."""
    try:
        return position.fitting(least)
    except Conflict:
        return position.bumped(least)


def _suggested(number: Version) -> str:
    return N_("%(number)s, which suits the changes", number=str(number))


def _with_other(*choices: Choice) -> tuple[Choice, ...]:
    return (*choices, Choice(OTHER, N_("Another number")))
