"""Rules of cells: one expectation each, and what it says fits whether it is asked at all."""

from collections.abc import Iterator
from typing import Final

from app.rubric.entities import expectation_slug
from app.rubric.rules.findings import Desk, Finding, Rule


def one_expectation_a_cell(desk: Desk) -> Iterator[Finding]:
    """A level asks once in a competency as a whole, and once in each facet."""
    first: dict[str, int] = {}
    for position, asked in enumerate(desk.ladder.expectations):
        cell = expectation_slug(asked)
        other = first.setdefault(cell, position)
        if other != position:
            message = f"expectation {cell!r} is there already, at /expectations/{other}; put the two together"
            yield Finding(f"/expectations/{position}", "duplicate-expectation", message)


def nothing_where_not_in_use(desk: Desk) -> Iterator[Finding]:
    """A cell that is not in use asks nothing; its summary may say why."""
    for position, asked in enumerate(desk.ladder.expectations):
        if asked.applicability == "not-in-use" and (asked.step or asked.statements or asked.examples):
            message = (
                f"expectation {expectation_slug(asked)!r} is not in use and yet has a step, statements or "
                "examples; take them away, or make it `required` or `optional`"
            )
            yield Finding(f"/expectations/{position}/applicability", "not-in-use-with-content", message)


def no_empty_overrides(desk: Desk) -> Iterator[Finding]:
    """Find expectations that say nothing, and so hide the one that the level would inherit."""
    extending = {track.slug: track.extending for track in desk.ladder.tracks if track.extends is not None}
    for position, asked in enumerate(desk.ladder.expectations):
        level = desk.index.levels.get(asked.level)
        if level is None or level.track not in extending or asked.applicability == "not-in-use":
            continue
        if (asked.extending or extending[level.track]) == "adds":
            continue
        if asked.step is None and asked.summary is None and not asked.statements and not asked.examples:
            message = (
                f"expectation {expectation_slug(asked)!r} says nothing, and so hides what track "
                f"{level.track!r} inherits; take it away to inherit, or make it `not-in-use`"
            )
            yield Finding(f"/expectations/{position}", "empty-override", message)


def no_forgotten_level(desk: Desk) -> Iterator[Finding]:
    """On a track where some levels ask something, the others do too (a track that extends may inherit)."""
    asking = {asked.level for asked in desk.ladder.expectations}
    inheriting = {track.slug for track in desk.ladder.tracks if track.extends is not None}
    tracks = {level.track for level in desk.ladder.levels if level.slug in asking} - inheriting
    for position, level in enumerate(desk.ladder.levels):
        if level.slug not in asking and level.track in tracks:
            message = (
                f"level {level.slug!r} asks nothing, while others of track {level.track!r} do; "
                "write its expectations, or leave it so if that is meant"
            )
            yield Finding(f"/levels/{position}", "level-without-expectations", message)


RULES: Final[tuple[Rule, ...]] = (
    one_expectation_a_cell,
    nothing_where_not_in_use,
    no_empty_overrides,
    no_forgotten_level,
)
