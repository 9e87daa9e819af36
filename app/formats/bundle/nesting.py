"""A ladder the way an author writes it: children inside their parents, plain text where nothing else is said.

The reverse of `assemble.py`. Children move into their parents only where reading them back gives the same
order; where they would not, that list stays flat.
"""

from typing import Any, Final

from app.formats.bundle.assemble import NESTINGS, Nesting
from app.rubric.canonical import plain
from app.rubric.ladder import Ladder

Mapping = dict[str, Any]
"""A mapping of JSON types."""

_INNERMOST_FIRST: Final = ("levels", "competencies", "tracks")


def nested(ladder: Ladder) -> Mapping:
    """Return the ladder as JSON types in its nested form; unset and empty properties are left out."""
    document: Mapping = shortened(plain(ladder))
    homes: dict[str, str] = {}
    for facet in document.get("facets", []):
        homes.setdefault(facet["slug"], facet["competency"])
    for expectation in document.get("expectations", []):
        if expectation["applicability"] == "required":
            del expectation["applicability"]
        if homes.get(expectation.get("facet")) == expectation["competency"]:
            del expectation["competency"]
    for parents in _INNERMOST_FIRST:
        _nest(document, parents, NESTINGS[parents])
    return document


def _nest(document: Mapping, parents: str, nesting: Nesting) -> None:
    """Move the children into their parents, where that keeps their order."""
    children = document.get(nesting.inside, [])
    groups: dict[str, list[Mapping]] = {parent["slug"]: [] for parent in document.get(parents, [])}
    for child in children:
        groups.setdefault(child[nesting.reference], []).append(child)
    regrouped = [child for group in groups.values() for child in group]
    in_order = all(one is other for one, other in zip(children, regrouped, strict=True))
    if not in_order or len(groups) != len(document.get(parents, [])):
        return
    for parent in document.get(parents, []):
        inner = [
            {name: value for name, value in child.items() if name != nesting.reference}
            for child in groups[parent["slug"]]
        ]
        if inner:
            parent[nesting.inside] = inner
    document.pop(nesting.inside, None)


def shortened(value: Any) -> Any:  # noqa: ANN401 - JSON of any type
    """Return the value with statements and examples that are text alone written as plain text."""
    if isinstance(value, dict):
        return {name: _shortened_list(name, inner) for name, inner in value.items()}
    return [shortened(item) for item in value] if isinstance(value, list) else value


def _shortened_list(name: str, value: Any) -> Any:  # noqa: ANN401 - JSON of any type
    short = shortened(value)
    if name not in {"statements", "examples"}:
        return short
    return [item["text"] if item.keys() == {"text"} else item for item in short]
