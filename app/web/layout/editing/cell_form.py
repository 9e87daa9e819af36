"""The form of a cell: what one level expects in one competency or facet."""

from collections.abc import Mapping
from typing import Final

from app.errors import Fault, Invalid
from app.rubric.editing import remove
from app.rubric.index import Index
from app.rubric.ladder import Expectation, Ladder, Level
from app.rubric.statement_kinds import DEFAULTS, StatementKinds, kinds_used
from app.rubric.steps import step_title
from app.rubric.views.demands import Demands
from app.rubric.views.holdings import Place
from app.store.drafts import Draft
from app.web.layout.editing.draft_form import TAG, Editing
from app.web.layout.editing.entity_fields import choices_of
from app.web.layout.editing.entity_form import (
    EntityForm,
    base_of_draft,
    changes_in,
    place_of,
    save_entity,
)
from app.web.layout.editing.form_fields import Choice, Field, Plain
from app.web.layout.editing.form_values import changed
from app.web.translation.kind_words import statement_kind_title
from app.web.translation.messages import N_

NONE: Final = "none"
"""The choice for a cell in which nothing is written."""
_APPLIES: Final = "applicability"
HAS_TEXT: Final = N_("You changed the text below. Choose “Expected” or “Optional” to keep it.")


def cell_form(index: Index, level: Level, place: Place) -> EntityForm:
    """Return the form of a cell."""
    competency, facet = place
    named = {"level": level.slug, "competency": competency, "facet": facet}
    address = "--".join(part for part in named.values() if part is not None)
    written = index.find("expectation", address)
    new = {name: value for name, value in named.items() if value is not None}
    if written is None:
        new[_APPLIES] = NONE
    return EntityForm("expectation", address, Expectation, tuple(_fields(index, level, place)), new)


def save_cell(editing: Editing, cell: EntityForm, sent: Mapping[str, str]) -> None:
    """Write a cell. If nothing is to be written there, remove its expectation. Raises as `save_entity`.

    A text where nothing was written is expected, unless the form says otherwise.
    """
    is_new = cell.node(editing.reading.index) is None and not sent.get(TAG)
    if (
        is_new
        and sent.get(_APPLIES) == NONE
        and _has_new_text(changed(cell.fields, sent, cell.new), cell.new)
    ):
        sent = {**sent, _APPLIES: "required"}
    if sent.get(_APPLIES) != NONE:
        save_entity(editing, cell, sent)
        return

    def without(draft: Draft, index: Index) -> Ladder:
        changes, before = changes_in(cell, sent, index), cell.before(index)
        if _has_new_text(changes, before):
            raise Invalid(HAS_TEXT, faults=[Fault(HAS_TEXT, f"/{_APPLIES}")])
        if cell.node(index) is None:
            return index.ladder
        return remove(index, "expectation", cell.address, base_of_draft(editing, draft))

    place_of(editing, cell).change(without)


def _has_new_text(changes: Plain, before: Plain) -> bool:
    """Tell whether anything changes but the choice whether the cell applies."""
    return any(value != before.get(name) for name, value in changes.items() if name != _APPLIES)


def _fields(index: Index, level: Level, place: Place) -> list[Field]:
    fields = [_applies(index, level, place)]
    track = index.tracks.get(level.track)
    other = None if track is None or track.extends is None else index.tracks.get(track.extends)
    if other is not None:
        fields.append(_extending(other.title))
    if index.scale_of(*place) is not None:
        fields.append(_step(index, place))
    return [
        *fields,
        Field("summary", N_("Summary"), N_("What is expected, in one or two sentences."), "text"),
        Field(
            "statements",
            N_("Statements"),
            N_("One statement in each box."),
            "rows",
            columns=(
                Field("text", N_("Statement"), widget="text"),
                Field("kind", N_("Kind of statement"), widget="select", choices=_kinds(index)),
            ),
        ),
        Field(
            "examples",
            N_("Examples"),
            widget="rows",
            blank=1,
            columns=(
                Field("title", N_("Title of example")),
                Field("text", N_("Example"), widget="text", empty=""),
            ),
        ),
    ]


def _applies(index: Index, level: Level, place: Place) -> Field:
    nothing = (
        N_("Nothing is written for this level. What it takes over from other levels applies.")
        if _inherits(index, level, place)
        else N_("Nothing is written for this level.")
    )
    choices = (
        Choice("required", N_("Expected"), N_("Everyone at this level is expected to meet it.")),
        Choice("optional", N_("Optional"), N_("Some people at this level meet it.")),
        Choice(
            "not-in-use", N_("Not in use"), N_("It does not apply at this level, whatever other levels say.")
        ),
        Choice(NONE, N_("Not written"), nothing),
    )
    return Field(_APPLIES, N_("Does this apply at the level?"), widget="radios", choices=choices)


def _extending(other: str) -> Field:
    choices = (
        Choice("", N_("As the track says")),
        Choice("replaces", N_("This text replaces that of %(track)s", track=other)),
        Choice("adds", N_("This text adds to that of %(track)s", track=other)),
    )
    return Field(
        "extending", N_("If %(track)s has a text, too", track=other), widget="radios", choices=choices
    )


def _step(index: Index, place: Place) -> Field:
    scale, demands = index.scale_of(*place), index.once(Demands)
    choices = [Choice("", N_("No step"))]
    for step in () if scale is None else scale.steps:
        text = demands.step_text(place, step)
        said = [] if text is None else [text.summary or "", *(line.text for line in text.statements)]
        words = step_title(index, *place, step.slug) or step.title
        choices.append(Choice(step.slug, words, " ".join(filter(None, said)) or (step.summary or "")))
    return Field("step", N_("Expected step"), widget="radios", choices=tuple(choices))


def _kinds(index: Index) -> tuple[Choice, ...]:
    """Return the kinds of statements: those that the ladder lists or uses, or else the common ones."""
    listed = [kind.slug for kind in index.ladder.statement_kinds]
    known = dict.fromkeys([*listed, *kinds_used(index)]) or DEFAULTS
    titles = index.once(StatementKinds)
    named = [(kind, statement_kind_title(titles, kind)) for kind in known]
    return choices_of(named, N_("No kind (expected)"))


def _inherits(index: Index, level: Level, place: Place) -> bool:
    """Tell whether something applies in a cell even if nothing is written there."""
    cell = index.once(Demands).cell(level, *place)
    return any(getattr(entry.source, "level", level.slug) != level.slug for entry in cell.held)
