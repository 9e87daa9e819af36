"""The rows of a ladder, by table."""

from collections import defaultdict
from typing import Any, Final

from sqlalchemy import Table

from app.errors import Fault, InvalidLadder
from app.rubric.entities import Node
from app.rubric.index import Index
from app.rubric.ladder import Competency, Expectation, Facet, Ladder
from app.store.tables.content import EntityRow
from app.store.tables.mapping import ENTITIES, INNER, LISTS, Plan, Reference, table_of

Row = dict[str, object]

_ENTITY: Final = table_of(EntityRow)


def root_columns(ladder: Ladder) -> Row:
    """Return the fields of the ladder that are stored in the row of the release."""
    return {
        "title": ladder.title,
        "summary": ladder.summary,
        "organisation": ladder.organisation,
        "language": ladder.language,
        "licence_title": ladder.licence.title if ladder.licence else None,
        "licence_url": ladder.licence.url if ladder.licence else None,
        "attribution": ladder.attribution,
        "cumulative": ladder.cumulative,
    }


def rows_of(index: Index, release_id: int) -> dict[Table, list[Row]]:
    """Return all rows of a release except its own, by table, in an order that allows inserting them.

    Raises:
        InvalidLadder: A reference leads nowhere, or two entities have the same slug.
    """
    return _Writer(index, release_id).write()


class _Writer:
    """The rows of one release while they are collected."""

    def __init__(self, index: Index, release_id: int) -> None:
        self._index = index
        self._release_id = release_id
        self._ids = {node: number for number, node in enumerate(index.nodes)}
        self._rows: dict[Table, list[Row]] = defaultdict(list)

    def write(self) -> dict[Table, list[Row]]:
        for node, number in self._ids.items():
            self._refuse_twin(node)
            self._add_entity(node, number)
            for field in LISTS.keys() & type(node.entity).model_fields.keys():
                self._add_list(node, number, LISTS[field])
        return {table: rows for table, rows in self._rows.items() if rows}

    def _refuse_twin(self, node: Node) -> None:
        if self._index.find(node.kind, node.address) is not node or (
            node.uuid is not None and self._index.find_uuid(node.uuid) is not node
        ):
            detail = f"{node.target} occurs twice. Give one of the two another slug."
            raise InvalidLadder(detail, faults=[Fault(detail, node.pointer)])

    def _add_entity(self, node: Node, number: int) -> None:
        key: Row = {"release_id": self._release_id, "id": number}
        self._rows[_ENTITY].append({**key, "kind": node.kind, "address": node.address, "uuid": node.uuid})
        if node.owner is None:
            return
        plan = ENTITIES[node.kind]
        if not plan.owned_by_ladder:
            key["owner_id"] = self._ids[node.owner]
        key["position"] = node.position
        self._rows[plan.table].append({**key, **self._columns(plan, node.entity, node, node.pointer)})

    def _add_list(self, node: Node, number: int, plan: Plan) -> None:
        for position, item in enumerate(getattr(node.entity, plan.field)):
            key: Row = {"release_id": self._release_id, "owner_id": number, "position": position}
            path = f"{node.pointer}/{plan.field}/{position}"
            self._rows[plan.table].append({**key, **self._columns(plan, item, node, path)})
            if plan.field in INNER:
                inner = INNER[plan.field]
                self._rows[inner.table].extend(
                    {**key, inner.place: position, "position": place, "text": text}
                    for place, text in enumerate(getattr(item, inner.field))
                )

    def _columns(self, plan: Plan, item: Any, node: Node, path: str) -> Row:  # noqa: ANN401 - of any class
        columns: Row = {name: item if plan.plain else getattr(item, name) for name in plan.copied}
        for reference in plan.references:
            name = item if plan.plain else getattr(item, reference.field)
            place = path if plan.plain else f"{path}/{reference.field}"
            columns[reference.column] = None if name is None else self._id(reference, name, node, place)
        return columns

    def _id(self, reference: Reference, name: str, node: Node, path: str) -> int:
        if reference.kind == "entity":
            found = self._index.find_target(name)
        elif reference.kind == "step":
            found = self._index.find("step", f"{self._scale_name(node)}--{name}")
        else:
            found = self._index.find(reference.kind, name)
        if found is not None:
            return self._ids[found]
        detail = f"{node.target} names {reference.field} {name!r}, which does not exist. Correct the name."
        raise InvalidLadder(detail, faults=[Fault(detail, path)])

    def _scale_name(self, node: Node) -> str | None:
        """Return the scale whose steps an expectation or a proficiency names."""
        asked = node.entity if node.kind == "expectation" else getattr(node.owner, "entity", None)
        if isinstance(asked, Expectation):
            return self._index.scale_name(asked.competency, asked.facet)
        if isinstance(asked, Facet):
            return self._index.scale_name(asked.competency, asked.slug)
        return self._index.scale_name(asked.slug) if isinstance(asked, Competency) else None
