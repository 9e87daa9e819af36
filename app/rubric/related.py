"""Related entities: from one entity to those of another kind that its reader also wants."""

from collections.abc import Callable, Iterable
from typing import Final

from app.rubric.entities import CLASSES, COLLECTIONS, Node
from app.rubric.index import Index
from app.rubric.ladder import Expectation, Guidance, Level, Track

_GUIDANCE: Final = tuple(
    collection for collection, kind in COLLECTIONS.items() if issubclass(CLASSES[kind], Guidance)
)
_ABOUT: Final = ("tracks", "levels", "competencies", "facets", "expectations")

RELATED: Final[dict[str, tuple[str, ...]]] = {
    "ladder": ("tracks", "levels", "scales", "competencies", "facets", *_GUIDANCE),
    "track": ("tracks", "levels", *_GUIDANCE),
    "level": ("tracks", "expectations", "examples", *_GUIDANCE),
    "scale": ("competencies", "facets"),
    "competency": ("scales", "facets", "expectations", "examples", *_GUIDANCE),
    "facet": ("scales", "competencies", "expectations", "examples", *_GUIDANCE),
    "expectation": ("levels", "scales", "competencies", "facets", "examples"),
    "example": ("levels", "competencies", "facets"),
    **{COLLECTIONS[collection]: _ABOUT for collection in _GUIDANCE},
}
"""For each kind, the collections that can be put beside an entity of it."""

KIND_OF: Final[dict[str, str]] = {**COLLECTIONS, "examples": "example"}
"""Every collection with a URL of its own, and the kind it holds."""


def related(index: Index, node: Node, collection: str) -> tuple[Node, ...]:
    """Return the entities of a collection that belong to an entity, in document order.

    For a track: its levels, and the track it extends. For a level, competency or facet: what is asked there, and
    what hangs on it or speaks of it. For an expectation or example: what it hangs on. For guidance: what it is
    about. Empty where `RELATED` does not name the collection.
    """
    kind = KIND_OF[collection]
    if node.kind == "ladder":
        return index.of_kind(kind)
    if collection in _GUIDANCE:
        return tuple(other for other in index.about.get(node.target, ()) if other.kind == kind)
    if isinstance(node.entity, Guidance):
        targets = (index.find_target(target) for target in node.entity.about)
        return tuple(other for other in targets if other is not None and other.kind == kind)
    if collection == "examples":
        return index.examples_of.get(node.target, ())
    find = _FINDERS.get((node.kind, kind))
    return () if find is None else _nodes(index, kind, find(index, node))


def _nodes(index: Index, kind: str, addresses: Iterable[str | None]) -> tuple[Node, ...]:
    found = (index.find(kind, address) for address in addresses if address is not None)
    return tuple(node for node in found if node is not None)


def _asked(expectations: Iterable[Expectation]) -> Iterable[str]:
    for asked in expectations:
        parts = (asked.level, asked.competency, asked.facet)
        yield "--".join(part for part in parts if part is not None)


def _scale(index: Index, node: Node) -> Iterable[str | None]:
    relation = index.relation(node)
    scale = index.scale_of(relation.competency or "", relation.facet)
    return () if scale is None else (scale.slug,)


def _measured(index: Index, node: Node) -> Iterable[str]:
    """Return the competencies whose scale this is."""
    return (one.slug for one in index.ladder.competencies if one.scale == node.address)


def _measured_facets(index: Index, node: Node) -> Iterable[str]:
    for facet in index.ladder.facets:
        scale = index.scale_of(facet.competency, facet.slug)
        if scale is not None and scale.slug == node.address:
            yield facet.slug


def _extended(_: Index, node: Node) -> Iterable[str | None]:
    return (node.entity.extends,) if isinstance(node.entity, Track) else ()


def _own_track(_: Index, node: Node) -> Iterable[str | None]:
    return (node.entity.track,) if isinstance(node.entity, Level) else ()


_FINDERS: Final[dict[tuple[str, str], Callable[[Index, Node], Iterable[str | None]]]] = {
    ("track", "track"): _extended,
    ("track", "level"): lambda index, node: (one.slug for one in index.levels_of.get(node.address, ())),
    ("level", "track"): _own_track,
    ("level", "expectation"): lambda index, node: _asked(index.expectations_of_level.get(node.address, ())),
    ("scale", "competency"): _measured,
    ("scale", "facet"): _measured_facets,
    ("competency", "scale"): _scale,
    ("competency", "facet"): lambda index, node: (one.slug for one in index.facets_of.get(node.address, ())),
    ("competency", "expectation"): lambda index, node: _asked(
        index.expectations_of_competency.get(node.address, ())
    ),
    ("facet", "scale"): _scale,
    ("facet", "competency"): lambda index, node: (index.relation(node).competency,),
    ("facet", "expectation"): lambda index, node: _asked(index.expectations_of_facet.get(node.address, ())),
    ("expectation", "level"): lambda index, node: (index.relation(node).level,),
    ("expectation", "scale"): _scale,
    ("expectation", "competency"): lambda index, node: (index.relation(node).competency,),
    ("expectation", "facet"): lambda index, node: (index.relation(node).facet,),
    ("example", "level"): lambda index, node: (index.relation(node).level,),
    ("example", "competency"): lambda index, node: (index.relation(node).competency,),
    ("example", "facet"): lambda index, node: (index.relation(node).facet,),
}
