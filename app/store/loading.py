"""Loading a release from its rows: one SELECT per table, whatever the size of the release."""

import json
from functools import cache
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Connection,
    Select,
    and_,
    bindparam,
    literal,
    literal_column,
    select,
    union_all,
)

from app.errors import NotFound
from app.rubric.ladder import Ladder
from app.rubric.last_changes import Places
from app.rubric.releases import Release
from app.store.tables.content import EntityRow
from app.store.tables.derived import LastChangesRow
from app.store.tables.identity import ReleaseRow
from app.store.tables.mapping import ENTITIES, INNER, LISTS, Plan, Reference, table_of

_RELEASE: Final = table_of(ReleaseRow)
_ENTITY: Final = table_of(EntityRow)
_LAST_CHANGES: Final = table_of(LastChangesRow)
_ROOT_COLUMNS: Final = ("title", "summary", "organisation", "language", "attribution", "cumulative")

Part = dict[str, Any]
"""The fields of one value, as arguments of its class."""


def load_content(connection: Connection, release: Release) -> Ladder:
    """Return the content of a release, in 30 statements.

    Raises NotFound if the database has no such release, or another one under its id.
    """
    return load_rows(connection, release.id, release.content_sha256)


def load_rows(connection: Connection, release_id: int, content_sha256: str | None = None) -> Ladder:
    """Return the content in a release's rows, sealed or not.

    Raises NotFound if there are none, or if the release has another content hash than the given one.
    """
    return _Reader(connection, release_id, content_sha256).read()


def load_last_changes(connection: Connection, release_id: int) -> Places | None:
    """Return the places of a release's entities by the release of their last change; None if it is not recorded."""
    row = connection.execute(
        select(_LAST_CHANGES).where(_LAST_CHANGES.c.release_id == release_id)
    ).one_or_none()
    found: Places | None = None if row is None else json.loads(row.entities)
    return found


class _Reader:
    """The parts of one release by the id of their entity, while they are collected."""

    def __init__(self, connection: Connection, release_id: int, content_sha256: str | None) -> None:
        self._connection = connection
        self._release_id = release_id
        self._content_sha256 = content_sha256
        self._slugs: dict[int, str] = {}
        self._parts: dict[int, Part] = {}

    def read(self) -> Ladder:
        self._read_root()
        for kind, plan in ENTITIES.items():
            self._read_entities(kind, plan)
        for plan in LISTS.values():
            self._read_list(plan)
        self._read_inner_lists()
        return Ladder.model_validate(self._parts[0])

    def _read_root(self) -> None:
        root = self._connection.execute(
            select(_RELEASE).where(_RELEASE.c.id == self._release_id)
        ).one_or_none()
        if root is None or self._content_sha256 not in {None, root.content_sha256}:
            raise NotFound("There is no such release in this database.")
        named = select(_ENTITY.c.id, _ENTITY.c.address).where(
            _ENTITY.c.release_id == self._release_id, _ENTITY.c.uuid.is_not(None)
        )
        self._slugs = {row.id: row.address for row in self._connection.execute(named)}
        part: Part = {name: getattr(root, name) for name in _ROOT_COLUMNS}
        if root.licence_title is not None:
            part["licence"] = {"title": root.licence_title, "url": root.licence_url}
        self._parts[0] = {**part, "slug": self._slugs[0]}

    def _read_entities(self, kind: str, plan: Plan) -> None:
        slugs, parts = self._slugs, self._parts
        for number, owner, *values in self._rows(_entity_select(plan)):
            part = parts[number] = self._part(plan, values)
            if kind != "expectation" and number in slugs:
                part["slug"] = self._slug(kind, number)
            parts[owner].setdefault(plan.field, []).append(part)

    def _read_list(self, plan: Plan) -> None:
        for owner, *values in self._rows(_list_select(plan)):
            item = values[0] if plan.plain else self._part(plan, values)
            self._parts[owner].setdefault(plan.field, []).append(item)

    def _read_inner_lists(self) -> None:
        for field, owner, place, _, text in self._rows(_inner_select()):
            self._parts[owner][field][place].setdefault(INNER[field].field, []).append(text)

    def _rows(self, statement: Select[Any] | CompoundSelect[Any]) -> list[tuple[Any, ...]]:
        rows = self._connection.execute(statement, {"release_id": self._release_id})
        return list(rows)

    def _part(self, plan: Plan, values: list[Any]) -> Part:
        part = {name: value for name, value in zip(plan.fields, values, strict=True) if value is not None}
        for reference in plan.references:
            if reference.kind != "entity" and reference.field in part:
                part[reference.field] = self._slug(reference.kind, part[reference.field])
        return part

    def _slug(self, kind: str, number: int) -> str:
        """Return the slug of an entity; for a step, the last part of its address."""
        return self._slugs[number].rpartition("--")[2] if kind == "step" else self._slugs[number]


@cache
def _entity_select(plan: Plan) -> Select[Any]:
    """Yield id, id of the owner (0 for the ladder) and fields, in order within each owner."""
    table = plan.table
    owner = literal_column("0") if plan.owned_by_ladder else table.c.owner_id
    fields = (table.c[name] for name in (*plan.copied, *(reference.column for reference in plan.references)))
    chosen = select(table.c.id, owner, *fields).where(table.c.release_id == bindparam("release_id"))
    return chosen.order_by(table.c.position)


@cache
def _list_select(plan: Plan) -> Select[Any]:
    """Yield id of the owner and fields, in order within each owner; an entity of any kind as `kind:slug`."""
    table = plan.table
    fields = [table.c[name] for name in plan.copied]
    chosen = select(table.c.owner_id, *fields, *(_named(plan, reference) for reference in plan.references))
    if any(reference.kind == "entity" for reference in plan.references):
        same = and_(_ENTITY.c.release_id == table.c.release_id, _ENTITY.c.id == table.c.entity_id)
        chosen = chosen.join_from(table, _ENTITY, same)
    return chosen.where(table.c.release_id == bindparam("release_id")).order_by(table.c.position)


@cache
def _inner_select() -> CompoundSelect[Any]:
    """Return the texts of all lists within lists: the outer list's field and owner, both positions, the text."""
    parts = (
        select(
            literal(field, literal_execute=True).label("field"),
            inner.table.c.owner_id,
            inner.table.c[inner.place].label("place"),
            inner.table.c.position,
            inner.table.c.text,
        ).where(inner.table.c.release_id == bindparam("release_id"))
        for field, inner in INNER.items()
    )
    return union_all(*parts).order_by("field", "owner_id", "place", "position")


def _named(plan: Plan, reference: Reference) -> ColumnElement[Any]:
    if reference.kind == "entity":
        return _ENTITY.c.kind + ":" + _ENTITY.c.address
    return plan.table.c[reference.column]
