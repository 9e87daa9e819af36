"""Rules of cells: one expectation for each, with content that fits its applicability."""

from collections.abc import Iterator
from typing import Final

from app.rubric.entities import expectation_slug
from app.rubric.rules.findings import Finding, Rule, RuleContext


def one_expectation_a_cell(context: RuleContext) -> Iterator[Finding]:
    """Find a second expectation for the same level and competency, or for the same facet."""
    first: dict[str, int] = {}
    for position, asked in enumerate(context.ladder.expectations):
        cell = expectation_slug(asked)
        other = first.setdefault(cell, position)
        if other != position:
            message = f"expectation {cell!r} already exists at /expectations/{other}; merge the two"
            yield Finding(f"/expectations/{position}", "duplicate-expectation", message)


def nothing_where_not_in_use(context: RuleContext) -> Iterator[Finding]:
    """Find expectations that are not in use but ask something. A summary may say why they are not in use."""
    for position, asked in enumerate(context.ladder.expectations):
        if asked.applicability == "not-in-use" and (asked.step or asked.statements or asked.examples):
            message = (
                f"expectation {expectation_slug(asked)!r} is `not-in-use` but has a step, statements or "
                "examples; delete them, or make it `required` or `optional`"
            )
            yield Finding(f"/expectations/{position}/applicability", "not-in-use-with-content", message)


def no_empty_overrides(context: RuleContext) -> Iterator[Finding]:
    """Find empty expectations that hide an inherited one."""
    extending = {track.slug: track.extending for track in context.ladder.tracks if track.extends is not None}
    for position, asked in enumerate(context.ladder.expectations):
        level = context.index.levels.get(asked.level)
        if level is None or level.track not in extending or asked.applicability == "not-in-use":
            continue
        if (asked.extending or extending[level.track]) == "adds":
            continue
        if asked.step is None and asked.summary is None and not asked.statements and not asked.examples:
            message = (
                f"expectation {expectation_slug(asked)!r} is empty and hides what track "
                f"{level.track!r} inherits; delete it to inherit, or make it `not-in-use`"
            )
            yield Finding(f"/expectations/{position}", "empty-override", message)


def no_forgotten_level(context: RuleContext) -> Iterator[Finding]:
    """Find levels without expectations on tracks whose other levels have some and that inherit none."""
    asking = {asked.level for asked in context.ladder.expectations}
    inheriting = {track.slug for track in context.ladder.tracks if track.extends is not None}
    tracks = {level.track for level in context.ladder.levels if level.slug in asking} - inheriting
    for position, level in enumerate(context.ladder.levels):
        if level.slug not in asking and level.track in tracks:
            message = (
                f"level {level.slug!r} has no expectations, but other levels of track {level.track!r} do; "
                "write some, or ignore this if it is intended"
            )
            yield Finding(f"/levels/{position}", "level-without-expectations", message)


RULES: Final[tuple[Rule, ...]] = (
    one_expectation_a_cell,
    nothing_where_not_in_use,
    no_empty_overrides,
    no_forgotten_level,
)
