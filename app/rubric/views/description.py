"""Two levels' own descriptions side by side: summary, scope, attributes line by line, years and points.

Fewest years and points are asked of people; the rest explains.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from app.rubric.index import Index
from app.rubric.ladder import Level
from app.rubric.text import Line, Text, folded
from app.rubric.views.scoring import leading_points

Field = Literal["summary", "scope", "attributes", "years_from", "years_to", "points"]
DescriptionChange = Literal["new", "changed", "same", "dropped"]

_TEXTS: Final[tuple[Literal["summary", "scope"], ...]] = ("summary", "scope")
_NUMBERS: Final[tuple[Literal["years_from", "years_to"], ...]] = ("years_from", "years_to")


@dataclass(frozen=True, slots=True)
class Described:
    """One property of two levels, or one line of an attribute list."""

    field: Field
    title: Line | None
    """Title of the attribute list; None for other properties."""
    change: DescriptionChange
    before: Text | int | float | None
    after: Text | int | float | None


def descriptions(before: tuple[Index, Level], after: tuple[Index, Level]) -> tuple[Described, ...]:
    """Compare what two levels say of themselves. What neither says is left out."""
    return tuple(_descriptions(before, after))


def _descriptions(before: tuple[Index, Level], after: tuple[Index, Level]) -> Iterator[Described]:
    one, other = before[1], after[1]
    for text in _TEXTS:
        yield from _pair(text, getattr(one, text) or None, getattr(other, text) or None)
    there = {folded(attribute.title): attribute for attribute in one.attributes}
    for attribute in other.attributes:
        was = there.pop(folded(attribute.title), None)
        yield from _lines(attribute.title, () if was is None else was.items, attribute.items)
    for gone in there.values():
        yield from _lines(gone.title, gone.items, ())
    for number in _NUMBERS:
        yield from _pair(number, getattr(one, number), getattr(other, number))
    yield from _pair("points", leading_points(*before), leading_points(*after))


def _pair(field: Field, was: Text | float | None, now: Text | float | None) -> Iterator[Described]:
    if was is not None or now is not None:
        yield Described(field, None, _change(was, now), was, now)


def _lines(title: Line, was: Sequence[Text], now: Sequence[Text]) -> Iterator[Described]:
    """Give the lines of a list after, then those that are gone."""
    left = {folded(line): line for line in was}
    for line in now:
        same = left.pop(folded(line), None)
        yield Described("attributes", title, "new" if same is None else "same", same, line)
    for line in left.values():
        yield Described("attributes", title, "dropped", line, None)


def _change(was: object, now: object) -> DescriptionChange:
    if was == now:
        return "same"
    return "new" if was is None else "dropped" if now is None else "changed"
