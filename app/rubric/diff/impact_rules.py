"""The rules of impact by their codes, as docs/reference/impact.md explains them one by one."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from app.rubric.releases import Impact

RULES: Final[Mapping[str, Impact]] = MappingProxyType(
    {
        # Demands
        "demands-more": "asks-more",
        "demands-other": "asks-other",
        "demands-less": "asks-less",
        "demands-same": "clarifies",
        # Levels, tracks and points
        "level-removed": "asks-other",
        "track-removed": "asks-other",
        "years-more": "asks-more",
        "years-fewer": "asks-less",
        "threshold-higher": "asks-more",
        "threshold-lower": "asks-less",
        "threshold-other": "asks-other",
        "points-more": "asks-less",
        "points-fewer": "asks-more",
        "points-other": "asks-other",
        "points-unused": "clarifies",
        # Everything else
        "text-same-words": "editorial",
        "text-changed": "clarifies",
        "content-added": "clarifies",
        "content-removed": "clarifies",
        "renamed": "editorial",
        "moved": "editorial",
        "metadata": "editorial",
    }
)
"""The meaning of a change, by rule. Codes are stable; a later version may add some."""
