"""Findings, and the context that every rule reads."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Final, Literal

from app.errors import LONGEST_TEXT, shortened
from app.rubric.index import Index
from app.rubric.ladder import Ladder
from app.rubric.suggest import nearest

Severity = Literal["error", "warning"]

SEVERITIES: Final[dict[str, Severity]] = {
    "alignment-ladder-without-entity": "error",
    "alignment-names-nothing": "error",
    "alignment-to-itself": "warning",
    "ambiguous-address": "error",
    "blank-line": "error",
    "blank-text": "warning",
    "dead-link": "warning",
    "duplicate-about": "warning",
    "duplicate-description": "error",
    "duplicate-expectation": "error",
    "duplicate-external-id": "warning",
    "duplicate-former-slug": "error",
    "duplicate-proficiency": "error",
    "duplicate-rank": "error",
    "duplicate-removal": "error",
    "duplicate-slug": "error",
    "duplicate-successor": "warning",
    "duplicate-translation": "error",
    "empty-ladder": "warning",
    "empty-override": "warning",
    "extending-without-extends": "warning",
    "extends-cycle": "error",
    "extends-too-deep": "error",
    "extends-without-ranks": "warning",
    "facet-of-other-competency": "error",
    "former-slug-in-use": "error",
    "former-slug-of-other": "error",
    "former-slug-without-slug": "error",
    "invalid-url": "error",
    "level-without-expectations": "warning",
    "loose-space": "warning",
    "missing-former-slugs": "error",
    "misplaced-translation": "warning",
    "mixed-ranks": "warning",
    "not-in-use-with-content": "warning",
    "rank-order": "warning",
    "removal-address": "error",
    "removal-of-live": "error",
    "removal-of-renamed": "error",
    "reserved-kind": "error",
    "reused-slug": "error",
    "scale-without-steps": "warning",
    "stale-translation": "warning",
    "step-without-scale": "error",
    "taken-slug": "error",
    "threshold-gives-nothing": "warning",
    "threshold-level-elsewhere": "error",
    "threshold-range": "error",
    "too-many-cells": "error",
    "too-many-entities": "error",
    "too-many-items": "error",
    "too-many-levels": "error",
    "track-without-levels": "warning",
    "translation-field": "error",
    "translation-same-language": "error",
    "unknown-competency": "error",
    "unknown-entity": "error",
    "unknown-facet": "error",
    "unknown-kind": "error",
    "unknown-language": "error",
    "unknown-level": "error",
    "unknown-scale": "error",
    "unknown-step": "error",
    "unknown-track": "error",
    "unlisted-kind": "warning",
    "unused-category": "warning",
    "unused-group": "warning",
    "unused-scale": "warning",
    "years-range": "error",
}
"""Every code that a finding may have, and its severity. `docs/reference/rules.md` explains each."""

_SUGGESTIONS: Final = 25
"""Most findings of one check with suggestions: comparing all names with all names is not linear."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One error or warning in a ladder."""

    path: str
    """JSON Pointer (RFC 6901) into the ladder; empty for the ladder as a whole."""
    code: str
    """Stable name of the rule, one of `SEVERITIES`."""
    message: str
    """The fault, and how to fix it."""

    def __post_init__(self) -> None:
        """Shorten a message that repeats a very long text."""
        if len(self.message) > LONGEST_TEXT:
            object.__setattr__(self, "message", shortened(self.message))

    @property
    def severity(self) -> Severity:
        """`error` if it must be fixed before publishing, `warning` if it may be intended."""
        return SEVERITIES[self.code]


@dataclass(frozen=True, slots=True)
class RuleContext:
    """The ladder and its index, which every rule reads."""

    ladder: Ladder
    index: Index
    _asked: Iterator[int] = field(default_factory=count)

    def near(self, word: str, candidates: Iterable[str], prefix: str = "") -> str:
        """Return `; did you mean …? If not,` if a candidate is similar, else `;`. The fix follows it.

        Each candidate is shown with the prefix.
        """
        close = nearest(word, candidates) if next(self._asked) < _SUGGESTIONS else ()
        if not close:
            return ";"
        return f"; did you mean {' or '.join(repr(prefix + one) for one in close)}? If not,"

    def unknown(self, word: str, kind: str) -> str:
        """Return why a reference does not resolve: the entity was renamed, or does not exist."""
        now = self.index.renamed.get((kind, word))
        if now is not None:
            return f"which was renamed to {now.address!r}; write the new slug"
        known = (node.address for node in self.index.of_kind(kind))
        return f"which does not exist{self.near(word, known)} use an existing one, or add it"


Rule = Callable[[RuleContext], Iterator[Finding]]
