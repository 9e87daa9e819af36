"""One entity of a draft: what a write of it is about, and how it is done.

The precondition of a write is the entity's own tag, so authors of two levels do not block each other.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from fastapi import Request, Response

from app.api.reading.draft_etags import entity_tag
from app.api.reading.entity_bodies import Resource
from app.api.reading.queries import ReadQuery
from app.api.reading.reader import serving_of
from app.api.writing.draft_writes import change_draft, written
from app.api.writing.inputs import PlacedExample
from app.api.writing.preconditions import Preconditions
from app.errors import NotFound
from app.rubric.editing import put
from app.rubric.entities import Entity, Kind, Node
from app.rubric.index import Index
from app.rubric.ladder import Ladder
from app.rubric.parts import Example
from app.rubric.suggest import did_you_mean
from app.rubric.text import Value
from app.store.drafts import Draft

ResourceOf = TypeVar("ResourceOf", bound=Resource)


@dataclass(frozen=True, slots=True)
class Place:
    """An address of a kind in the draft of a ladder, with the preconditions of a write there."""

    request: Request
    ladder: str
    """Slug of the ladder."""
    kind: Kind
    address: str
    conditions: Preconditions

    def find(self, draft: Draft, index: Index) -> Node | None:
        """Return the entity that is there, if any, after the preconditions are checked."""
        node = index.find(self.kind, self.address)
        tag = None if node is None else entity_tag(index, node, draft.base_version)
        self.conditions.require(tag, f"The {self.kind} {self.address[:80]!r}")
        return node

    def get(self, draft: Draft, index: Index) -> Node:
        """Return the entity that must be there. Raises NotFound, and as `find`."""
        if index.find(self.kind, self.address) is None:
            raise _absent(index, self.kind, self.address)
        node = self.find(draft, index)
        assert node is not None  # noqa: S101 - checked above
        return node

    def change(self, edit: Callable[[Draft, Index], Ladder]) -> Draft:
        """Write the draft that the function makes; it may be called several times."""

        def changed(draft: Draft) -> Ladder:
            return edit(draft, Index.of(draft.ladder))

        target = f"{self.kind}:{self.address}"
        return change_draft(self.request, self.ladder, changed, target=target)

    def put(self, make: Callable[[Draft, Index], Value]) -> "Written":
        """Create or replace the entity with the one that the function makes from the current draft."""
        created, address = False, self.address

        def edit(draft: Draft, index: Index) -> Ladder:
            nonlocal created, address
            entity, owner = _placed(make(draft, index))
            base = base_of(self.request, draft)
            created = index.find(self.kind, self.address) is None
            done = put(index, self.kind, self.address, entity, base, owner=owner)
            address = done.address
            return done.ladder

        draft = self.change(edit)
        return Written(self, draft, address, created)


@dataclass(frozen=True, slots=True)
class Written:
    """The result of putting an entity."""

    place: Place
    draft: Draft
    address: str
    """Its address now."""
    created: bool

    def answer(self, model: type[ResourceOf], response: Response) -> ResourceOf:
        """Return the entity as it is now, and set the headers that say where it is."""
        request = self.place.request
        above = request.scope["path"].rpartition("/")[0]
        reader = written(request, self.draft, f"{above}/{self.address}")
        if self.created:
            response.status_code = 201
            response.headers["location"] = reader.path
        elif self.address != self.place.address:
            response.headers["content-location"] = reader.path
        return reader.single(model, reader.get(self.place.kind, self.address), ReadQuery())


def base_of(request: Request, draft: Draft) -> Index | None:
    """Return the release that a draft builds on; None if the ladder was never published."""
    return None if draft.base is None else serving_of(request).loaded.get(draft.base).index


def plain(node: Node) -> dict[str, Any]:
    """Return an entity as GET does, without the fields that the API adds; an example with its owner."""
    values = node.entity.model_dump(mode="json", exclude_none=True)
    if isinstance(node.entity, Example) and node.owner is not None:
        values["of"] = node.owner.target
    return values


def _placed(value: Value) -> tuple[Entity, str | None]:
    """Return the entity in a body, and its owner if the body names one."""
    entity: Any = value
    if isinstance(value, PlacedExample):
        entity = Example.model_construct(**{name: getattr(value, name) for name in Example.model_fields})
        return entity, value.of
    return entity, None


def _absent(index: Index, kind: str, address: str) -> NotFound:
    """Return the error for an entity that a draft does not have."""
    renamed = index.find_renamed(kind, address)
    if renamed is not None:
        return NotFound(f"The {kind} {address[:80]!r} has the slug {renamed.address!r} in the draft.")
    suggestion = did_you_mean(address, (node.address for node in index.of_kind(kind)))
    return NotFound(f"The draft has no {kind} {address[:80]!r}.{suggestion}")
