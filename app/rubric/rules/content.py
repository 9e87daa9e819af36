"""Rules of content: nothing is blank, empty or unused by mistake."""

import unicodedata
from collections.abc import Iterator
from typing import Final

from app.rubric.rules.findings import Finding, Rule, RuleContext
from app.rubric.shape import written

_INVISIBLE: Final = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf"})
"""Unicode categories of spaces, line ends, control and format characters (zero-width ones included)."""


def visible_text(context: RuleContext) -> Iterator[Finding]:
    """Find required texts that show nothing."""
    for node in context.index.nodes:
        for text in written(node.entity):
            if not (text.holds == "line" or text.required) or not is_blank(text.text):
                continue
            path = f"{node.pointer}/{text.pointer}"
            if text.holds == "line":
                message = f"`{text.pointer}` of {node.target} is only white space; write text, or delete it"
                yield Finding(path, "blank-line", message)
            else:
                message = f"`{text.pointer}` of {node.target} is blank; write text, or delete it"
                yield Finding(path, "blank-text", message)


def something_to_read(context: RuleContext) -> Iterator[Finding]:
    """Find a ladder without tracks, competencies and pages."""
    ladder = context.ladder
    if not (ladder.tracks or ladder.competencies or ladder.pages):
        message = f"ladder {ladder.slug!r} is empty; add tracks and levels, competencies, or pages"
        yield Finding("", "empty-ladder", message)


def tracks_with_levels(context: RuleContext) -> Iterator[Finding]:
    """Find tracks without levels. A role without levels has a single one with the name of the role."""
    for position, track in enumerate(context.ladder.tracks):
        if track.slug not in context.index.levels_of:
            message = (
                f"track {track.slug!r} has no level; add one (for a role without levels, a single level with "
                "the role's name)"
            )
            yield Finding(f"/tracks/{position}", "track-without-levels", message)


def scales_in_use(context: RuleContext) -> Iterator[Finding]:
    """Find scales without steps and scales that nothing uses."""
    ladder = context.ladder
    used = {entity.scale for entity in ladder.competencies} | {facet.scale for facet in ladder.facets}
    for position, scale in enumerate(ladder.scales):
        if not scale.steps:
            message = f"scale {scale.slug!r} has no steps; add them, lowest first"
            yield Finding(f"/scales/{position}", "scale-without-steps", message)
        if scale.slug not in used:
            message = (
                f"no competency or facet uses scale {scale.slug!r}; write it as the `scale` of one, or "
                "delete it"
            )
            yield Finding(f"/scales/{position}", "unused-scale", message)


def is_blank(text: str) -> bool:
    """Return whether a text is empty or has invisible characters only."""
    return not text.strip() or all(unicodedata.category(char) in _INVISIBLE for char in text)


RULES: Final[tuple[Rule, ...]] = (
    visible_text,
    something_to_read,
    tracks_with_levels,
    scales_in_use,
)
