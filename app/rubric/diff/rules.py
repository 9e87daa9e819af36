"""The rules of impact by their codes, as docs/reference/impact.md explains them one by one."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from app.rubric.releases import Impact

RULES: Final[Mapping[str, Impact]] = MappingProxyType(
    {
        # Expectations
        "expectation-added": "asks-more",
        "expectation-added-unasked": "clarifies",
        "expectation-of-new-level": "clarifies",
        "expectation-overrides": "asks-other",
        "expectation-removed": "asks-less",
        "expectation-removed-unasked": "clarifies",
        "expectation-of-gone-level": "clarifies",
        "became-required": "asks-more",
        "no-longer-required": "asks-less",
        "still-not-required": "clarifies",
        # Steps asked for
        "step-higher": "asks-more",
        "step-lower": "asks-less",
        "step-other": "asks-other",
        "step-set": "asks-more",
        "step-unset": "asks-less",
        "step-unasked": "clarifies",
        # Text
        "asked-text-same-words": "editorial",
        "asked-text-clearer": "clarifies",
        "asked-text-other": "asks-other",
        "asked-text-added": "asks-more",
        "asked-text-removed": "asks-less",
        "text-same-words": "editorial",
        "text-changed": "clarifies",
        # Statements
        "statement-added": "asks-more",
        "statement-removed": "asks-less",
        "statement-elsewhere": "asks-other",
        "statement-became-core": "asks-more",
        "statement-no-longer-core": "asks-less",
        "statement-kind": "clarifies",
        # Levels and tracks
        "level-removed": "asks-other",
        "level-elsewhere": "asks-other",
        "level-height": "asks-other",
        "level-rank-written": "editorial",
        "levels-shifted": "asks-other",
        "years-more": "asks-more",
        "years-fewer": "asks-less",
        "years-to": "clarifies",
        "track-removed": "asks-other",
        "extends-set": "asks-more",
        "extends-other": "asks-other",
        "extends-unset": "asks-less",
        "threshold-higher": "asks-more",
        "threshold-lower": "asks-less",
        "threshold-other": "asks-other",
        "cumulative-set": "asks-more",
        "cumulative-unset": "asks-less",
        "cumulative-said": "clarifies",
        # Competencies, facets, scales
        "scale-other": "asks-other",
        "scale-unasked": "clarifies",
        "facet-elsewhere": "asks-other",
        "proficiency-step": "asks-other",
        "steps-reordered": "asks-other",
        "points-more": "asks-less",
        "points-fewer": "asks-more",
        "points-other": "asks-other",
        "points-unused": "clarifies",
        # Everything else
        "content-added": "clarifies",
        "content-removed": "clarifies",
        "renamed": "editorial",
        "moved": "editorial",
        "metadata": "editorial",
    }
)
"""What each rule says a change means. Codes are stable; a later version may add some."""
