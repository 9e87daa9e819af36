"""The rows of our workbook: what each sheet holds of a ladder, before it is written to cells."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from app.errors import Conflict
from app.formats.sheets.workbook.cells import encode, encode_list
from app.formats.sheets.workbook.layout import BY_FIELD, KEY, LADDER_FIELDS, UUID, Sheet, columns, header
from app.rubric.entities import Node
from app.rubric.index import Index
from app.rubric.ladder import Expectation, Facet, Ladder
from app.rubric.text import Value

Row = Mapping[str, str]
"""The filled cells of a row, by header."""
_PARTS: Final = ("thresholds", "attributes", "references", "sources", "alignments")
"""The lists of parts that entities hold."""
_OF_LADDER: Final = ("statement_kinds", "removals", "translations")


def workbook_rows(index: Index) -> dict[str, list[Row]]:
    """Return the rows of each sheet, by the name of its property, in document order.

    Raises Conflict if two entities have the same address, so that rows could not say which of them they belong to.
    """
    _check_addresses(index)
    rows: dict[str, list[Row]] = {field: [] for field in BY_FIELD}
    for node in index.nodes:
        if node.owner is not None:
            named = {UUID: "" if node.uuid is None else str(node.uuid), KEY: node.target}
            rows[node.field].append(_row(BY_FIELD[node.field], node.owner, node.entity) | named)
        for field in _PARTS:
            for part in getattr(node.entity, field, ()):
                rows[field].append(_row(BY_FIELD[field], node, part))
    ladder = index.ladder
    for field in _OF_LADDER:
        rows[field] += [_row(BY_FIELD[field], index.nodes[0], part) for part in getattr(ladder, field)]
    return rows


def about_rows(ladder: Ladder) -> Iterator[tuple[str, str]]:
    """Yield the properties of the ladder itself that are set, each with its label."""
    for name in LADDER_FIELDS:
        value = getattr(ladder, name)
        if value is not None:
            yield header(name), encode(value)
    if ladder.licence is not None:
        yield "Licence", encode(ladder.licence.title)
        if ladder.licence.url is not None:
            yield "Licence URL", encode(ladder.licence.url)
    if ladder.formerly:
        yield "Formerly", encode_list(ladder.formerly)
    if ladder.external_ids:
        yield "External ids", encode_list([f"{one.system}:{one.id}" for one in ladder.external_ids])


def _row(sheet: Sheet, owner: Node, entity: Value) -> dict[str, str]:
    cells = dict(zip(sheet.owner_columns, _owner_cells(sheet, owner), strict=True))
    for name, holds in columns(type(entity)).items():
        value: Any = getattr(entity, name)
        if value is None or value == ():
            continue
        if holds == "ids":
            cells[header(name)] = encode_list([f"{one.system}:{one.id}" for one in value])
        elif holds == "list":
            cells[header(name)] = encode_list(value)
        elif holds == "text":
            cells[header(name)] = encode(value if isinstance(value, str) else value.isoformat())
        else:
            cells[header(name)] = str(value).lower()
    return {name: cell for name, cell in cells.items() if cell}


def _owner_cells(sheet: Sheet, owner: Node) -> Sequence[str]:
    """Return the cells that name the owner of a row, in the order of the sheet's columns for that."""
    entity: Any = owner.entity
    if sheet.of_ladder:
        return ()
    if sheet.field == "statements":
        if isinstance(entity, Expectation):
            return entity.level, entity.competency, entity.facet or "", ""
        assert owner.owner is not None  # noqa: S101 - a proficiency is of a competency or facet
        return "", *_place(owner.owner.entity), entity.step
    if sheet.field == "proficiencies":
        return _place(entity)
    if sheet.field in {"steps", "thresholds", "attributes"}:
        return (entity.slug,)
    return (owner.target,)


def _place(entity: Any) -> tuple[str, str]:  # noqa: ANN401 - a competency or a facet
    return (entity.competency, entity.slug) if isinstance(entity, Facet) else (entity.slug, "")


def _check_addresses(index: Index) -> None:
    counted = Counter(node.target for node in index.nodes)
    counted.update(
        f"proficiency of {node.owner.target} at step {node.entity.step}"  # type: ignore[union-attr]  # a proficiency
        for node in index.of_kind("proficiency")
        if node.owner is not None
    )
    twice = next((target for target, times in counted.items() if times > 1), None)
    if twice is not None:
        raise Conflict(
            f"{twice} is there more than once, so a workbook could not tell which of the two a row belongs to. "
            f"Resolve this finding, then export the workbook."
        )
