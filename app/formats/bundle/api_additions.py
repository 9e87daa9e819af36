"""Properties that the API adds to entities. A client may send them back with the rest of a document.

They are read-only. Readers ignore them at every depth, so that a client can PUT what it got with GET.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Final

from app.formats.bundle.assemble import NESTINGS
from app.formats.syntax.nodes import Node
from app.rubric.ladder import Expectation, Ladder
from app.rubric.parts import Example
from app.rubric.shape import properties
from app.rubric.text import Value

_EVERYWHERE: Final = frozenset(
    {
        "ladder",
        "release",
        "uuid",
        "changed_in",
        "links",
        "included",
        "effective_rank",
        "address",
        "of",
        "counts",
        "content_sha256",
    }
)
_MORE: Final[Mapping[type[Value], frozenset[str]]] = {
    Expectation: frozenset({"slug"}),
    Example: frozenset({"level", "competency", "facet"}),
}


@cache
def additions(model: type[Value]) -> frozenset[str]:
    """Return the names that the API adds to a part of that class; never one of its own properties."""
    more = (names for known, names in _MORE.items() if issubclass(model, known))
    return _EVERYWHERE.union(*more) - properties(model).keys()


def without_additions(node: Node, model: type[Value]) -> Node:
    """Return a part without the properties that the API adds, at every depth. Other shapes stay as they are."""
    if not isinstance(node.value, dict):
        return node
    left_out, parts = additions(model), _parts(model)
    members = {
        name: _inside(inner, parts[name]) if name in parts else inner
        for name, inner in node.value.items()
        if name not in left_out
    }
    return replace(node, value=members)


def _inside(node: Node, part: type[Value]) -> Node:
    if isinstance(node.value, list):
        return replace(node, value=[without_additions(item, part) for item in node.value])
    return without_additions(node, part)


@cache
def _parts(model: type[Value]) -> Mapping[str, type[Value]]:
    """Return the class of each property's parts, including children that files nest in their parents."""
    held = {name: item.part for name, item in properties(model).items() if item.part is not None}
    for parents, nesting in NESTINGS.items():
        inner = properties(Ladder)[nesting.inside].part
        if properties(Ladder)[parents].part is model and inner is not None:
            held[nesting.inside] = inner
    return held
