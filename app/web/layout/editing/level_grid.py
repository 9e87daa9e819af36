"""The form of one competency or facet over the levels of a track: a small form for each level, saved together."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from app.api.writing.draft_writes import change_draft
from app.errors import Fault, Invalid
from app.rubric.editing import put, remove
from app.rubric.index import Index
from app.rubric.ladder import Expectation, Ladder, Level
from app.rubric.steps import step_title
from app.rubric.views.effective_text import level_name
from app.rubric.views.holdings import Place
from app.store.drafts import Draft
from app.web.layout.editing.cell_form import HAS_TEXT, NONE
from app.web.layout.editing.draft_form import Editing
from app.web.layout.editing.entity_fields import choices_of
from app.web.layout.editing.entity_form import base_of_draft, changes_in
from app.web.layout.editing.form_fields import Choice, Field, Plain, digest, plain
from app.web.layout.editing.form_values import value_with
from app.web.translation.messages import N_

_MARK = "~"
"""Between the slug of a level and a property, in the name of a field: `l5~summary`."""
_APPLIES = "applicability"
_STATES = (
    Choice("required", N_("Expected")),
    Choice("optional", N_("Optional")),
    Choice("not-in-use", N_("Not in use")),
    Choice(NONE, N_("Not written")),
)


@dataclass(frozen=True)
class LevelGrid:
    """The form: some levels, lowest first, and the competency or facet."""

    index: Index
    """The draft as it is shown."""
    levels: tuple[Level, ...]
    place: Place

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """The fields of all levels."""
        return tuple(one for level in self.levels for one in self.fields_of(level))

    def fields_of(self, level: Level) -> Iterator[Field]:
        """Yield the fields of a level."""
        name = level.code or level.title
        start = f"{level.slug}{_MARK}"
        yield Field(
            f"{start}{_APPLIES}", N_("%(level)s: applies?", level=name), widget="select", choices=_STATES
        )
        scale = self.index.scale_of(*self.place)
        if scale is not None:
            titled = (
                (step.slug, step_title(self.index, *self.place, step.slug) or step.title)
                for step in scale.steps
            )
            steps = choices_of(titled, N_("No step"))
            yield Field(f"{start}step", N_("%(level)s: step", level=name), widget="select", choices=steps)
        yield Field(f"{start}summary", N_("%(level)s: summary", level=name), widget="text")
        yield Field(
            f"{start}statements",
            N_("%(level)s: statements", level=name),
            N_("One statement in each line."),
            "texts",
        )

    def before(self, index: Index) -> Plain:
        """Return the properties of all cells, by the names of their fields."""
        return {
            f"{level.slug}{_MARK}{name}": value
            for level in self.levels
            for name, value in self._cell(index, level).items()
        }

    def tag(self, index: Index) -> str:
        """Return the tag of all cells together."""
        return digest(self.before(index))

    def written(self, index: Index, changes: Plain, base: Index | None) -> Ladder:
        """Return the ladder with the changed cells. Raises Invalid with the fields."""
        for level in self.levels:
            start = f"{level.slug}{_MARK}"
            mine = {name[len(start) :]: value for name, value in changes.items() if name.startswith(start)}
            before = self._cell(index, level)
            if all(value == before.get(name) for name, value in mine.items()):
                continue
            index = Index.of(self._with_cell(index, level, before, mine, base))
        return index.ladder

    def _with_cell(
        self, index: Index, level: Level, before: Plain, changes: Plain, base: Index | None
    ) -> Ladder:
        address = "--".join(self._named(level).values())
        values = {**before, **changes}
        has_new_text = any(value != before.get(name) for name, value in changes.items() if name != _APPLIES)
        if values[_APPLIES] == NONE and not has_new_text:
            return remove(index, "expectation", address, base)
        if values[_APPLIES] == NONE:
            if before[_APPLIES] != NONE:
                raise Invalid(HAS_TEXT, faults=[Fault(HAS_TEXT, f"/{level.slug}{_MARK}{_APPLIES}")])
            # A text was written where nothing was: it is expected.
            values = {**values, _APPLIES: "required"}
        expectation: Any = self._expectation(level, values)
        return put(index, "expectation", address, expectation, base).ladder

    def _expectation(self, level: Level, values: Plain) -> Expectation:
        try:
            return value_with(Expectation, self._named(level), values)
        except Invalid as invalid:
            start = f"/{level.slug}{_MARK}"
            faults = [Fault(one.detail, start + (one.pointer or "").strip("/")) for one in invalid.faults]
            raise Invalid(f"{level_name(level)}: {invalid.detail}", faults=faults) from None

    def _cell(self, index: Index, level: Level) -> Plain:
        written = index.cells.get((level.slug, *self.place))
        return {_APPLIES: NONE} if written is None else plain(written)

    def _named(self, level: Level) -> dict[str, str]:
        competency, facet = self.place
        named = {"level": level.slug, "competency": competency}
        return named if facet is None else {**named, "facet": facet}


def save_grid(editing: Editing, grid: LevelGrid, sent: Mapping[str, str]) -> str:
    """Write all cells of a form in one transaction, and return the page to show. Raises as `changes_in`."""

    def change(draft: Draft) -> Ladder:
        index = Index.of(draft.ladder)
        changes = changes_in(grid, sent, index)
        return grid.written(index, changes, base_of_draft(editing, draft))

    change_draft(editing.request, editing.slug, change, target=f"competency:{grid.place[0]}")
    return f"{editing.saved_url}#levels"
