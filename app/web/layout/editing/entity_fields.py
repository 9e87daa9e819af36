"""The fields of each kind of entity, as authors edit them in a browser."""

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from app.rubric.entities import Kind
from app.rubric.index import Index
from app.rubric.ladder import Scale
from app.web.layout.editing.form_fields import Choice, Field
from app.web.translation.messages import N_

_TITLE: Final = Field("title", N_("Title"), required=True)
_SUMMARY: Final = Field("summary", N_("Summary"), N_("One or two sentences."), "text")
_DESCRIPTION: Final = Field("description", N_("Description"), N_("As long as you need."), "text")
_SLUG: Final = Field(
    "slug",
    N_("Name in web addresses"),
    N_("Made from the title. Lower-case letters, digits and hyphens. Links with the old name keep working."),
    required=True,
    technical=True,
)
_MANY: Final = N_("One entry in each line.")


def fields_of(index: Index, kind: Kind, address: str) -> tuple[Field, ...]:
    """Return the fields of an entity of a kind; none if it is edited otherwise."""
    make = _FIELDS.get(kind)
    return () if make is None else (*make(index, address), _SLUG)


def choices_of(titled: Iterable[tuple[str, str]], none: str | None = None) -> tuple[Choice, ...]:
    """Return choices from values and their words, perhaps with one for no value."""
    found = (Choice(value, words) for value, words in titled)
    return (*(() if none is None else (Choice("", none),)), *found)


def _track(index: Index, address: str) -> tuple[Field, ...]:
    others = [(one.slug, one.title) for one in index.ladder.tracks if one.slug != address]
    builds = (
        Field("extends", N_("Builds on"), widget="select", choices=choices_of(others, N_("No other track"))),
        Field(
            "extending",
            N_("If both tracks have a text"),
            widget="radios",
            choices=(
                Choice("", N_("This track's text replaces the other")),
                Choice("adds", N_("Both texts apply")),
                *_only_if(address, index, "replaces", "This track's text replaces the other (stated)"),
            ),
        ),
    )
    return (
        _TITLE,
        _SUMMARY,
        Field("group", N_("Group of tracks"), N_("For example a job family.")),
        *(builds if others else ()),
        Field(
            "ordered",
            N_("Order of the levels"),
            widget="radios",
            choices=(
                Choice("", N_("From lowest to highest")),
                Choice("false", N_("The order has no meaning")),
            ),
        ),
        _thresholds(index, address),
    )


def _thresholds(index: Index, track: str) -> Field:
    levels = [(one.slug, one.title) for one in index.levels_of.get(track, ())]
    return Field(
        "thresholds",
        N_("Points that lead to a level"),
        widget="rows",
        blank=1,
        columns=(
            Field("points_from", N_("Points from"), widget="number", required=True),
            Field("points_to", N_("Points to"), widget="number"),
            Field("level", N_("Level"), widget="select", choices=choices_of(levels, N_("Not set"))),
            Field("title", N_("Title")),
        ),
    )


def _only_if(address: str, index: Index, value: str, words: str) -> tuple[Choice, ...]:
    """Return a choice that is offered only where the author has made it already."""
    track = index.tracks.get(address)
    return (Choice(value, words),) if track is not None and track.extending == value else ()


def _level(index: Index, _: str) -> tuple[Field, ...]:
    tracks = [(one.slug, one.title) for one in index.ladder.tracks]
    return (
        _TITLE,
        Field("code", N_("Code"), N_("The short name that people use, such as L5.")),
        _SUMMARY,
        Field("scope", N_("Scope"), N_("How far the work of this level reaches."), "text"),
        Field("years_from", N_("Usual experience from, in years"), widget="number"),
        Field("years_to", N_("Usual experience up to, in years"), widget="number"),
        Field("other_titles", N_("Also called"), _MANY, "lines"),
        Field(
            "attributes",
            N_("Lists"),
            N_("For example “Reach” with the entries “team” and “department”."),
            "rows",
            blank=1,
            columns=(
                Field("title", N_("Name of list"), required=True),
                Field("items", N_("Entries of list"), _MANY, "lines"),
            ),
        ),
        Field("track", N_("Track"), widget="select", choices=choices_of(tracks), required=True),
        Field(
            "rank",
            N_("Rank"),
            N_("Levels of different tracks are equal if they have the same rank. Leave it empty if unsure."),
            "number",
            technical=True,
        ),
    )


def _competency(index: Index, address: str) -> tuple[Field, ...]:
    return (
        _TITLE,
        Field("category", N_("Category"), N_("Competencies with the same category are shown together.")),
        _SUMMARY,
        _DESCRIPTION,
        _scale(index, N_("No scale")),
        *_proficiencies(index.scale_of(address)),
    )


def _facet(index: Index, address: str) -> tuple[Field, ...]:
    facet = index.facets.get(address)
    competencies = [(one.slug, one.title) for one in index.ladder.competencies]
    scale = None if facet is None else index.scale_of(facet.competency, facet.slug)
    return (
        _TITLE,
        Field("competency", N_("Part of"), widget="select", choices=choices_of(competencies), required=True),
        _SUMMARY,
        _DESCRIPTION,
        _scale(index, N_("The scale of its competency")),
        *_proficiencies(scale),
    )


def _scale(index: Index, none: str) -> Field:
    scales = [(one.slug, one.title) for one in index.ladder.scales]
    return Field("scale", N_("Scale"), widget="select", choices=choices_of(scales, none))


def _proficiencies(scale: Scale | None) -> tuple[Field, ...]:
    """Return the field for the meaning of each step; none without a scale."""
    if scale is None:
        return ()
    steps = choices_of((step.slug, step.title) for step in scale.steps)
    return (
        Field(
            "proficiencies",
            N_("The meaning of each step here"),
            N_("Only if it differs from what the scale says."),
            "rows",
            blank=1,
            columns=(
                Field("step", N_("Step"), widget="select", choices=steps, required=True),
                Field("summary", N_("Summary"), widget="text"),
                Field("statements", N_("Statements"), _MANY, "texts"),
            ),
        ),
    )


def _whole_scale(_: Index, __: str) -> tuple[Field, ...]:
    return (
        _TITLE,
        _SUMMARY,
        Field(
            "cumulative",
            N_("Does a step include the steps below it?"),
            widget="radios",
            choices=(Choice("", N_("Not stated")), Choice("yes", N_("Yes")), Choice("no", N_("No"))),
        ),
        Field(
            "steps",
            N_("Steps, lowest first"),
            widget="rows",
            columns=(
                Field("title", N_("Step"), required=True),
                Field("summary", N_("Meaning of step"), widget="text"),
                Field("points", N_("Points of step"), widget="number"),
            ),
        ),
    )


def _faq(_: Index, __: str) -> tuple[Field, ...]:
    return (
        Field("question", N_("Question"), required=True),
        Field("answer", N_("Answer"), widget="text", empty=""),
        Field("group", N_("Group"), N_("Questions of the same group are shown together.")),
    )


def _tip(_: Index, __: str) -> tuple[Field, ...]:
    return Field("title", N_("Title")), Field("text", N_("Tip"), widget="text", empty="")


def _page(_: Index, __: str) -> tuple[Field, ...]:
    return (
        _TITLE,
        Field("text", N_("Text"), N_("Leave an empty line between paragraphs."), "text", empty=""),
    )


_FIELDS: Final[Mapping[str, Callable[[Index, str], tuple[Field, ...]]]] = {
    "track": _track,
    "level": _level,
    "competency": _competency,
    "facet": _facet,
    "scale": _whole_scale,
    "faq": _faq,
    "tip": _tip,
    "page": _page,
}
