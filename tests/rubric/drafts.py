"""A small ladder without findings, and edits to it: what the tests of the rules work on."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Final

from app.rubric.ladder import Ladder
from app.rubric.rules import check

_BASE: Final[dict[str, object]] = {
    "slug": "acme",
    "title": "Acme",
    "tracks": [{"slug": "ic", "title": "Individual contributor"}],
    "levels": [
        {"slug": "l4", "track": "ic", "title": "Engineer"},
        {"slug": "l5", "track": "ic", "title": "Senior engineer"},
    ],
    "scales": [
        {
            "slug": "depth",
            "title": "Depth",
            "steps": [{"slug": "novice", "title": "Novice"}, {"slug": "expert", "title": "Expert"}],
        }
    ],
    "competencies": [
        {"slug": "quality", "title": "Quality", "scale": "depth"},
        {"slug": "delivery", "title": "Delivery"},
    ],
    "facets": [
        {"slug": "testing", "competency": "quality", "title": "Testing"},
        {"slug": "pace", "competency": "delivery", "title": "Pace"},
    ],
    "expectations": [
        {"level": "l4", "competency": "quality", "step": "novice"},
        {"level": "l5", "competency": "quality", "step": "expert"},
    ],
    "faqs": [{"slug": "how-long", "question": "How long?", "answer": "As it takes.", "about": ["level:l5"]}],
}


def draft(edits: Mapping[str, object] | None = None) -> Ladder:
    """Return the small ladder with some places changed.

    A place is a JSON Pointer; where it ends in `-` a list gets one more item, as in JSON Patch (RFC 6902).
    """
    content = deepcopy(_BASE)
    for pointer, value in (edits or {}).items():
        *way, last = pointer.split("/")[1:]
        held: object = content
        for part in way:
            held = _step(held, part)
        if isinstance(held, list) and last == "-":
            held.append(value)
        elif isinstance(held, list):
            held[int(last)] = value
        else:
            assert isinstance(held, dict)
            held[last] = value
    return Ladder.model_validate(content)


def findings(edits: Mapping[str, object] | None = None) -> list[tuple[str, str, str]]:
    """Path, code and message of each finding in the small ladder with some places changed."""
    return [(one.path, one.code, one.message) for one in check(draft(edits))]


def _step(held: object, part: str) -> object:
    if isinstance(held, list):
        return held[int(part)]
    assert isinstance(held, dict)
    return held.setdefault(part, [])
