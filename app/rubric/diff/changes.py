"""The value of a diff: one change for each entity that differs, and what all of them mean together.

The values are models, so that the API and the command line show the same JSON: `diff.model_dump(mode="json",
exclude_none=True)`.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final, Literal, Self, get_args
from uuid import UUID

from pydantic import JsonValue

from app.rubric.diff.word_diff import Op, edits
from app.rubric.entities import Kind
from app.rubric.releases import Bump, Impact
from app.rubric.text import Value

Action = Literal["added", "removed", "renamed", "moved", "changed"]
"""A kind of change of an entity."""

KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
"""Every kind of entity, in the order in which changes are given."""
ACTIONS: Final[tuple[Action, ...]] = get_args(Action)
IMPACTS: Final[tuple[Impact, ...]] = get_args(Impact)
"""Every class, the weightiest first."""
BUMPS: Final[tuple[Bump, ...]] = get_args(Bump)
"""Every bump, the greatest first."""


class Edit(Value):
    """One stretch of a text that stayed, went or came."""

    op: Op
    """`equal`, `delete` or `insert`. Equal and deleted stretches make up the text before, equal and inserted ones
    the text after."""
    text: str
    """The stretch, as written."""


class FieldChange(Value):
    """One property, or one item of a list, that is not as it was."""

    pointer: str
    """JSON Pointer (RFC 6901) within the entity: as it is now, or as it was where it is gone."""
    was: str | None = None
    """The pointer before, where an item has changed places in its list."""
    before: JsonValue = None
    """Its value before; left out where it was not there."""
    after: JsonValue = None
    """Its value now; left out where it is gone."""
    words: tuple[Edit, ...] = ()
    """The way from one text to the other, word by word; empty for what is no text, came or went as a whole."""
    rule: str | None = None
    """Code of the rule that says what it means; left out where the entity was added or removed as a whole."""
    impact: Impact | None = None
    """The meaning for people."""

    def in_words(self) -> "FieldChange":
        """Return the change with its `words`, which are found only when somebody reads them."""
        return self


class TextChange(FieldChange):
    """A text that is not as it was."""

    before: str
    after: str

    def in_words(self) -> FieldChange:
        """Return the change with the way from one text to the other."""
        found = edits(self.before, self.after)
        return self.model_copy(update={"words": tuple(Edit(op=op, text=text) for op, text in found)})


class Place(Value):
    """A place in a list."""

    of: str
    """The entity whose list it is, as `kind:address`."""
    position: int
    """Place in the list, from 1."""


class Move(Value):
    """From where an entity moved, and where to."""

    before: Place
    after: Place


class Change(Value):
    """One entity that is not as it was, with all that happened to it."""

    target: str
    """The entity as `kind:address`: as it is called now, or was where it is gone."""
    kind: Kind
    """Kind of the entity. More values may be added."""
    actions: tuple[Action, ...]
    """The kinds of change: `added` or `removed` alone, or any of `renamed`, `moved`, `changed`. If an entity was
    added or removed, changes in its lists are not listed."""
    impact: Impact
    """The meaning for people: the weightiest of `rule` and the rules of `fields`."""
    rule: str
    """Code of the rule that decided the impact. More rules may be added."""
    bump: Bump
    """The least bump of the release number that this change alone asks for."""
    title: str | None = None
    """The name for people: the title or question, or the beginning of the text."""
    was: str | None = None
    """The entity's former `kind:address`, if it differs."""
    uuid: UUID | None = None
    """Its UUID, where it has one."""
    moved: Move | None = None
    """From where it moved, and where to."""
    fields: tuple[FieldChange, ...] = ()
    """The changed fields; all fields, if the entity was added or removed."""
    levels: tuple[str, ...] = ()
    """Slugs of the levels it touches."""
    tracks: tuple[str, ...] = ()
    """Slugs of the tracks it touches."""
    reason: str | None = None
    """Why it was removed, where the author says so."""
    successor: str | None = None
    """The entity to read instead of the removed one, as `kind:slug`."""

    @property
    def target_before(self) -> str | None:
        """The entity as it was called before; None if it was added."""
        return None if "added" in self.actions else self.was or self.target

    @property
    def target_after(self) -> str | None:
        """The entity as it is called now; None if it was removed."""
        return None if "removed" in self.actions else self.target

    def in_words(self) -> Self:
        """Return the change with the `words` of its fields."""
        return self.model_copy(update={"fields": tuple(field.in_words() for field in self.fields)})


class LevelChange(Value):
    """A level whose demands or description differ."""

    level: str
    """Slug of the level."""
    impact: Impact
    """The meaning of the differences for people at the level, all places together."""


class ChangeCounts(Value):
    """The number of changes."""

    total_count: int
    by_kind: dict[str, int]
    """By kind of entity; kinds without any are left out."""
    by_action: dict[Action, int]
    """The counts by action. A change counts for each of its actions."""
    by_impact: dict[Impact, int]
    """The counts by impact."""

    @classmethod
    def of(cls, changes: Sequence[Change]) -> "ChangeCounts":
        """Count changes."""
        kinds = Counter(change.kind for change in changes)
        actions = Counter(action for change in changes for action in change.actions)
        impacts = Counter(change.impact for change in changes)
        return cls(
            total_count=len(changes),
            by_kind={kind: kinds[kind] for kind in KINDS if kinds[kind]},
            by_action={action: actions[action] for action in ACTIONS},
            by_impact={impact: impacts[impact] for impact in IMPACTS},
        )


class Diff(Value):
    """All that differs between two ladders, ordered by kind and address."""

    least_bump: Bump | None = None
    """The least bump of the release number that is honest; left out where nothing changed."""
    counts: ChangeCounts
    levels: tuple[LevelChange, ...] = ()
    """Every level whose demands or description differ, in document order; removed levels come last."""
    tracks: tuple[str, ...] = ()
    """Slugs of all tracks touched, in document order; those that are gone come last."""
    changes: tuple[Change, ...] = ()


def weightiest(impacts: Iterable[Impact]) -> Impact:
    """Return the class that counts where several meet; `editorial` where none does."""
    return min(impacts, key=IMPACTS.index, default="editorial")
