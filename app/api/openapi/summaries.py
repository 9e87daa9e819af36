"""Summaries of operations, and descriptions of path parameters."""

from typing import Any, Final

from app.rubric.entities import COLLECTIONS

_LONGEST_SUMMARY: Final = 60
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


def describe_path_parameters(path: str, operation: dict[str, Any]) -> None:
    """Put the path parameters first, in the order of the path, and describe those without a description."""
    parameters = operation.get("parameters", [])
    parameters.sort(key=lambda one: path.index(f"{{{one['name']}}}") if one["in"] == "path" else len(path))
    for parameter in parameters:
        if parameter["in"] == "path":
            parameter.setdefault("description", _PARAMETERS.get(parameter["name"], ""))
