"""Every entity of a ladder, in document order, with its kind, address, UUID and owner.

An entity's address is its slug; a step's is `{scale}--{step}`, an expectation's `{level}--{competency}` or
`{level}--{competency}--{facet}`. A statement, example or proficiency without a slug is addressed by position
within its owner: `{owner's kind}--{owner's address}--{kind}-{n}`, n from 1 (the owner's kind is left out
where its address already begins with one). No slug holds `--`, so no address is a slug's.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal, get_args
from uuid import UUID, uuid5

from app.rubric.ladder import (
    Category,
    Competency,
    Expectation,
    Facet,
    Faq,
    Group,
    Ladder,
    Level,
    Page,
    Scale,
    Step,
    Tip,
    Track,
)
from app.rubric.parts import Example, Proficiency, Statement
from app.rubric.text import Value

Kind = Literal[
    "ladder",
    "track",
    "level",
    "scale",
    "step",
    "competency",
    "facet",
    "expectation",
    "proficiency",
    "statement",
    "example",
    "faq",
    "tip",
    "page",
    "category",
    "group",
]
Entity = (
    Ladder
    | Category
    | Group
    | Track
    | Level
    | Scale
    | Step
    | Competency
    | Facet
    | Expectation
    | Proficiency
    | Statement
    | Example
    | Faq
    | Tip
    | Page
)

NAMESPACE: Final = UUID("d3b2f1b0-6c5d-5f0e-9a53-6a1d1f3c9f27")
"""Constant namespace of all entity UUIDs (RFC 9562, version 5)."""

COLLECTIONS: Final[dict[str, Kind]] = {
    "tracks": "track",
    "levels": "level",
    "scales": "scale",
    "competencies": "competency",
    "facets": "facet",
    "expectations": "expectation",
    "faqs": "faq",
    "tips": "tip",
    "pages": "page",
}
"""The ladder's own lists that have URLs, and the kind that each holds, in document order."""

ADDRESSED: Final[frozenset[Kind]] = frozenset({*COLLECTIONS.values(), "example"})
"""The kinds of entities that have URLs of their own."""

DESCRIPTIONS: Final[dict[str, Kind]] = {"categories": "category", "groups": "group"}
"""The ladder's lists of entities that describe a word of others. They have no URLs of their own."""

LISTS: Final[dict[str, Kind]] = DESCRIPTIONS | COLLECTIONS
"""All of the ladder's own lists of entities, in document order."""

CLASSES: Final[dict[Kind, type[Value]]] = {
    kind: get_args(Ladder.model_fields[collection].annotation)[0] for collection, kind in LISTS.items()
}
"""The class of the entities in each of the ladder's own lists, by kind."""

_INNER: Final[tuple[tuple[str, Kind], ...]] = (
    ("steps", "step"),
    ("proficiencies", "proficiency"),
    ("statements", "statement"),
    ("examples", "example"),
)
_LONGEST_TITLE: Final = 80
_TITLES: Final = ("title", "question", "summary", "text")
"""The properties that can name an entity for people, the best first."""


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """One entity in its place; `uuid` is None if it has no slug, `owner` where it is the ladder."""

    kind: Kind
    entity: Entity
    address: str
    uuid: UUID | None
    owner: "Node | None"
    field: str
    position: int

    @property
    def target(self) -> str:
        """The entity as `kind:address`, the way `about` and translations name it."""
        return f"{self.kind}:{self.address}"

    @property
    def pointer(self) -> str:
        """JSON Pointer (RFC 6901) of the entity within the ladder; empty for the ladder itself."""
        if self.owner is None:
            return ""
        return f"{self.owner.pointer}/{self.field}/{self.position}"


def named_entity(node: Node) -> Node | None:
    """Return the entity, or its nearest owner, that has URLs and a UUID; None for the ladder itself."""
    here: Node | None = node
    while here is not None and (here.kind not in ADDRESSED or here.uuid is None):
        here = here.owner
    return here


def first_slug(slug: str, formerly: Sequence[str]) -> str:
    """Return the slug an entity was born with: the oldest of its earlier ones, else its own."""
    return formerly[0] if formerly else slug


def expectation_slug(expectation: Expectation) -> str:
    """Return the slug made of the expectation's parts."""
    parts = (expectation.level, expectation.competency, expectation.facet)
    return "--".join(part for part in parts if part is not None)


def walk(ladder: Ladder) -> Iterator[Node]:
    """Give every entity once, owners before what they own, in document order; the ladder comes first.

    Duplicate slugs and dangling references do no harm here: the rules (`rules/`) report them.
    """
    origin = first_slug(ladder.slug, ladder.formerly)
    root = Node("ladder", ladder, ladder.slug, uuid5(NAMESPACE, origin), None, "", 0)
    yield root
    firsts = {
        (kind, entity.slug): first_slug(entity.slug, entity.formerly)
        for kind, entities in (
            ("level", ladder.levels),
            ("competency", ladder.competencies),
            ("facet", ladder.facets),
        )
        for entity in entities
    }
    for field, kind in LISTS.items():
        for position, entity in enumerate(getattr(ladder, field)):
            if isinstance(entity, Expectation):
                address, first = expectation_slug(entity), _first_expectation_slug(entity, firsts)
            else:
                address, first = entity.slug, first_slug(entity.slug, entity.formerly)
            node = Node(kind, entity, address, entity_uuid(origin, kind, first), root, field, position)
            yield node
            yield from _inside(node, origin, first)


def _inside(owner: Node, origin: str, owner_first: str) -> Iterator[Node]:
    for field, kind in _inner_lists(type(owner.entity)):
        for position, entity in enumerate(getattr(owner.entity, field)):
            if entity.slug is None:
                address, first = _positional(owner, kind, position), ""
            elif isinstance(entity, Step):
                address = f"{owner.address}--{entity.slug}"
                first = f"{owner_first}--{first_slug(entity.slug, entity.formerly)}"
            else:
                address, first = entity.slug, first_slug(entity.slug, entity.formerly)
            uuid = entity_uuid(origin, kind, first) if first else None
            node = Node(kind, entity, address, uuid, owner, field, position)
            yield node
            yield from _inside(node, origin, first)


@cache
def _inner_lists(model: type[Entity]) -> tuple[tuple[str, Kind], ...]:
    """Return the lists of a class that hold entities, each with their kind."""
    return tuple((field, kind) for field, kind in _INNER if field in model.model_fields)


def _positional(owner: Node, kind: Kind, position: int) -> str:
    named = "--" in owner.address and owner.uuid is None
    prefix = owner.address if named else f"{owner.kind}--{owner.address}"
    return f"{prefix}--{kind}-{position + 1}"


def entity_uuid(origin: str, kind: Kind, first: str) -> UUID:
    """Return the UUID of an entity from the first slug of its ladder, its kind, and its own first slug."""
    return uuid5(NAMESPACE, f"{origin}/{kind}/{first}")


def _first_expectation_slug(expectation: Expectation, firsts: dict[tuple[str, str], str]) -> str:
    parts = [("level", expectation.level), ("competency", expectation.competency)]
    if expectation.facet is not None:
        parts.append(("facet", expectation.facet))
    return "--".join(firsts.get(part, part[1]) for part in parts)


def short_title(entity: Entity) -> str | None:
    """Return an entity's title on one line, cut to 80 characters; None if it has no text at all."""
    for name in _TITLES:
        found = getattr(entity, name, None)
        if found:
            words: str = " ".join(found.split())
            return words if len(words) <= _LONGEST_TITLE else words[: _LONGEST_TITLE - 1].rstrip() + "…"
    return None
