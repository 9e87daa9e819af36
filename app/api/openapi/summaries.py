"""Summaries of operations, and descriptions of path parameters."""

from typing import Any, Final

from app.api.reading.patterns import DRAFT_LADDER, LADDER
from app.rubric.entities import COLLECTIONS
from app.rubric.text import SLUG_PATTERN

_LONGEST_SUMMARY: Final = 60
_ANY_RELEASE: Final = (
    "Slug of the ladder, such as `netflix-engineering`, for the release in force. Append a release to read that one: "
    "`@1.0.0`, `@latest` (the newest published release) or `@draft`."
)
_DRAFT: Final = (
    "Slug of the ladder with `@draft`, such as `netflix-engineering@draft`. Only drafts can be changed."
)
_NO_RELEASE: Final = "Slug of the ladder, without a release."
_WITHOUT_RELEASE: Final = ("releases", "diff", "diff.md", "reviews", "settings")
"""Resources of a ladder that do not belong to one release."""
_PARAMETERS: Final[dict[str, str]] = {
    **{kind: f"Slug of the {kind}." for kind in COLLECTIONS.values()},
    "level": "Slug of the level, such as `l5`.",
    "expectation": "Derived slug of the expectation: `{level}--{competency}` or `{level}--{competency}--{facet}`.",
    "example": "Slug of the example, or its position if it has no slug (see `address`).",
    "faq": "Slug of the FAQ.",
    "version": "Number of the release, such as `1.0.0`.",
    "profile": "Name of the export profile, such as `15five-paths`.",
}


def summarise(operation: dict[str, Any]) -> None:
    """Use the first paragraph of the description as summary, if it is a short sentence."""
    first, _, rest = operation.get("description", "").partition("\n\n")
    if not first or len(first) > _LONGEST_SUMMARY:
        return
    operation["summary"] = first.rstrip(".")
    operation["description"] = rest or first  # linters want a description on every operation


def describe_path_parameters(path: str, operation: dict[str, Any], *, only_at_draft: bool) -> None:
    """Put the path parameters first, in the order of the path, and describe those without a description."""
    parameters = operation.get("parameters", [])
    parameters.sort(key=lambda one: path.index(f"{{{one['name']}}}") if one["in"] == "path" else len(path))
    for parameter in parameters:
        if parameter["in"] != "path":
            continue
        if parameter["name"] == "ladder":
            parameter["description"], pattern = _ladder(path, only_at_draft=only_at_draft)
            parameter["schema"] = {"type": "string", "pattern": pattern}
        else:
            parameter.setdefault("description", _PARAMETERS.get(parameter["name"], ""))


def _ladder(path: str, *, only_at_draft: bool) -> tuple[str, str]:
    """Return what to write for the ladder in a path, and its pattern."""
    if only_at_draft:
        return _DRAFT, DRAFT_LADDER
    resource = path.removeprefix("/v1/ladders/{ladder}").strip("/").partition("/")[0]
    return (_NO_RELEASE, SLUG_PATTERN) if resource in _WITHOUT_RELEASE else (_ANY_RELEASE, LADDER)
