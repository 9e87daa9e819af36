"""The mapping between the parts of a ladder and their tables, derived from the tables themselves.

For one table, a plan lists the columns that are copied from the value, and the references. A new property needs a
column of the same name and no change here; a new kind or list needs an entry in one of the two maps.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Column, Table

from app.rubric import entities
from app.store.tables import METADATA, content, lists
from app.store.tables.base import Row

_KEYS: Final = {"release_id", "owner_id", "position"}
_NESTED: Final = {
    "step": "steps",
    "proficiency": "proficiencies",
    "statement": "statements",
    "example": "examples",
}
_PLAIN: Final = {"other_titles", "about", "formerly"}


@dataclass(frozen=True, slots=True)
class Reference:
    """A column that holds the id of the entity that the value's `field` names by slug."""

    column: str
    field: str
    kind: str
    """The table of the entity it names; `entity` if it can be of any kind, named as `kind:slug`."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The mapping between one table and the values of one class."""

    table: Table
    field: str
    """The owner's list that the rows hold."""
    copied: tuple[str, ...]
    """Columns with the same names as the value's fields."""
    references: tuple[Reference, ...]
    plain: bool
    """True if the list holds plain texts, which are stored in the one column."""

    @property
    def fields(self) -> tuple[str, ...]:
        """Return the value's fields, references last."""
        return (*self.copied, *(reference.field for reference in self.references))

    @property
    def owned_by_ladder(self) -> bool:
        """Return whether the rows are entities in one of the ladder's own lists, and so have no owner."""
        return "owner_id" not in self.table.columns


def table_of(row: type[Row]) -> Table:
    """Return the table of a class, for SQLAlchemy Core."""
    return METADATA.tables[str(row.__tablename__)]


def _plan(row: type[Row], field: str, keys: set[str]) -> Plan:
    table = table_of(row)
    columns = [column for column in table.columns if column.name not in keys]
    references = tuple(_reference(column) for column in columns if column.name.endswith("_id"))
    copied = tuple(column.name for column in columns if not column.name.endswith("_id"))
    return Plan(table, field, copied, references, field in _PLAIN)


def _reference(column: Column[Any]) -> Reference:
    targets = {key.column.table.name for key in column.foreign_keys if key.column.name == "id"}
    return Reference(column.name, column.name.removesuffix("_id"), targets.pop())


def _entity_plans() -> dict[str, Plan]:
    rows: tuple[type[Row], ...] = (
        content.CategoryRow,
        content.GroupRow,
        content.TrackRow,
        content.LevelRow,
        content.ScaleRow,
        content.StepRow,
        content.CompetencyRow,
        content.FacetRow,
        content.ExpectationRow,
        content.ProficiencyRow,
        content.StatementRow,
        content.ExampleRow,
        content.FaqRow,
        content.TipRow,
        content.PageRow,
    )
    fields: dict[str, str] = {kind: field for field, kind in entities.LISTS.items()} | _NESTED
    kinds = {table_of(row).name.removeprefix("track_"): row for row in rows}
    return {kind: _plan(row, fields[kind], _KEYS | {"id"}) for kind, row in kinds.items()}


def _list_plans() -> dict[str, Plan]:
    rows: dict[str, type[Row]] = {
        "statement_kinds": lists.StatementKindRow,
        "thresholds": lists.ThresholdRow,
        "other_titles": lists.LevelTitleRow,
        "attributes": lists.AttributeRow,
        "about": lists.AboutRow,
        "formerly": lists.FormerlyRow,
        "references": lists.LinkRow,
        "sources": lists.SourceRow,
        "alignments": lists.AlignmentRow,
        "external_ids": lists.ExternalIdRow,
        "removals": lists.RemovalRow,
        "translations": lists.TranslationRow,
    }
    return {field: _plan(row, field, _KEYS) for field, row in rows.items()}


ENTITIES: Final[Mapping[str, Plan]] = _entity_plans()
"""Plans by kind, owners before the entities they own. The ladder is missing: its row is the release."""

LISTS: Final[Mapping[str, Plan]] = _list_plans()
"""Plans by the owner's field."""


@dataclass(frozen=True, slots=True)
class Inner:
    """The mapping between one table and the texts of a list within a list."""

    table: Table
    field: str
    """The property of the list's items that the rows hold."""
    place: str
    """The column with the position of the item in its list."""


INNER: Final[Mapping[str, Inner]] = {
    "attributes": Inner(table_of(lists.AttributeItemRow), "items", "attribute_position"),
    "removals": Inner(table_of(lists.RemovalSuccessorRow), "successors", "removal_position"),
}
"""Plans by the owner's field."""
