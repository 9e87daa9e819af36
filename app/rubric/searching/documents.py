"""The documents that search reads: one for each entity with its own URL.

A document holds the entity's texts as parts, each with its property and weight. Entities inside it (statements,
proficiencies, steps) are part of its document, with their addresses, so that a result can link to them.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal, NamedTuple

from app.rubric.entities import COLLECTIONS, Node, short_title
from app.rubric.index import Index
from app.rubric.ladder import Expectation, Faq, Guidance, Ladder, Level, Tip
from app.rubric.owners import Relation, topmost
from app.rubric.parts import Example
from app.rubric.views.demands import Demands

Weight = Literal["name", "lead", "body"]

KINDS: Final = ("ladder", *COLLECTIONS.values(), "example")
"""The kinds of entities that are found."""
_MOST_LEVELS: Final = 50
"""The most levels that an expectation is found by."""
_MOST_PAIRS: Final = 250_000
"""The most pairs of an expectation and a level that it is found by, in a whole ladder."""
_LONGEST: Final = 100_000
"""Characters of one text that are looked at."""
_PARAGRAPHS: Final = re.compile(r"\n[^\S\n]*\n\s*")
_TAG: Final = re.compile(r"<[A-Za-z/!?][^<>]*>")
_ANGLES: Final = str.maketrans("<>", "  ")
_LINK: Final = re.compile(r"!?\[([^\[\]]{0,1000})\]\([^()\s]{0,2000}(?:\s+\"[^\"]{0,500}\")?\)")
_SIGNS: Final = re.compile(r"^[ \t]{0,3}(?:#{1,6}[ \t]+|>[ \t]?)|\*\*|__|`+", re.MULTILINE)
_DASH: Final = " \u00b7 "
_TITLE: Final[tuple[str, Weight]] = ("title", "name")
_SUMMARY: Final[tuple[str, Weight]] = ("summary", "lead")
_TEXT: Final[tuple[str, Weight]] = ("text", "body")
_DESCRIPTION: Final[tuple[str, Weight]] = ("description", "body")
_TEXTS: Final[dict[str, tuple[tuple[str, Weight], ...]]] = {
    "ladder": (_TITLE, _SUMMARY, ("organisation", "body"), ("attribution", "body")),
    "category": (_TITLE, _SUMMARY),
    "group": (_TITLE, _SUMMARY),
    "track": (_TITLE, _SUMMARY, ("group", "body")),
    "level": (_TITLE, ("code", "name"), _SUMMARY, ("scope", "lead")),
    "scale": (_TITLE, _SUMMARY),
    "step": (_TITLE, _SUMMARY),
    "competency": (_TITLE, _SUMMARY, ("category", "body"), _DESCRIPTION),
    "facet": (_TITLE, _SUMMARY, _DESCRIPTION),
    "expectation": (_SUMMARY,),
    "proficiency": (_TITLE, _SUMMARY),
    "statement": (_TEXT,),
    "example": (_TITLE, _TEXT),
    "faq": (("question", "name"), ("group", "body"), ("answer", "body")),
    "tip": (_TITLE, _TEXT),
    "page": (_TITLE, _TEXT),
}
"""The properties of each kind that are a text, and what they weigh."""


class Part(NamedTuple):
    """A text of an entity, or one paragraph of it, without markup."""

    field: str
    """The property it comes from."""
    weight: Weight
    text: str
    at: str | None = None
    """Address of the entity inside that it belongs to; None for the entity's own."""


@dataclass(frozen=True, slots=True)
class Document:
    """One entity, as it is searched."""

    kind: str
    address: str
    title: str
    """The name in a list of results."""
    relation: Relation
    """The level, competency and facet it belongs to; an entity belongs to itself."""
    about: frozenset[str] = field(default_factory=frozenset)
    """The levels and competencies that a filter finds it by, as `kind:slug`."""
    parts: tuple[Part, ...] = ()
    """Names first, then what says it in short, then the rest; each in order."""


def documents_of(index: Index) -> Iterator[Document]:
    """Yield every document of a ladder, in document order; a draft with findings has them as well."""
    found: dict[int, tuple[Node, list[Part]]] = {}
    for node in index.nodes:
        parts = list(_parts(index, node))
        if node.kind in KINDS:
            found[id(node)] = (node, parts)
        else:  # inside the document of an owner, which came before it
            inside = (Part(_list_of(node), "body", part.text, node.address) for part in parts)
            found[id(_bearer(node))][1].extend(inside)
    for node, parts in found.values():
        parts.sort(key=lambda part: _ORDER[part.weight])
        yield Document(
            node.kind,
            node.address,
            _title(index, node),
            index.relation(node),
            frozenset(_about(index, node)),
            tuple(parts),
        )


_ORDER: Final[dict[Weight, int]] = {"name": 0, "lead": 1, "body": 2}


def _bearer(node: Node) -> Node:
    """Return the nearest owner that is a document."""
    while node.kind not in KINDS and node.owner is not None:
        node = node.owner
    return node


def _list_of(node: Node) -> str:
    """Return the property of the document under which an entity inside stands."""
    while node.owner is not None and node.owner.kind not in KINDS:
        node = node.owner
    return node.field


def _parts(index: Index, node: Node) -> Iterator[Part]:
    entity: Any = node.entity
    if isinstance(entity, Expectation):
        yield from (Part(name, "body", text) for name, text in _heading(index, entity))
    for name, weight in _TEXTS[node.kind]:
        text = getattr(entity, name)
        if text:
            yield from (Part(name, weight, paragraph) for paragraph in plain(text))
    if isinstance(entity, Level):
        yield from (Part("other_titles", "name", title) for title in entity.other_titles)
        for attribute in entity.attributes:
            yield Part("attributes", "body", ": ".join((attribute.title, ", ".join(attribute.items))))
    for link in entity.references:
        yield Part("references", "body", " ".join(filter(None, (link.title, link.summary))))
    for one in entity.external_ids:
        yield Part("external_ids", "body", f"{one.system}:{one.id}")


def plain(text: str) -> Iterator[str]:
    """Yield the paragraphs of a text without tags and the commoner signs of Markdown; the words stay as they are."""
    bare = _SIGNS.sub("", _LINK.sub(r"\1", text[:_LONGEST]))
    if "<" in bare:  # last, for what was taken away may have been all that kept a tag from being one
        bare = _TAG.sub(" ", bare)
        if _TAG.search(bare):  # what is left of tags within tags
            bare = bare.translate(_ANGLES)
    for paragraph in _PARAGRAPHS.split(bare):
        if paragraph and not paragraph.isspace():
            yield paragraph.strip()


def _heading(index: Index, asked: Expectation) -> Iterator[tuple[str, str]]:
    """Yield the titles of an expectation: those of its level, competency and facet."""
    level = index.levels.get(asked.level)
    if level is None:
        yield "level", asked.level
    else:
        yield "level", level.title if level.code is None else f"{level.code} {level.title}"
    competency = index.competencies.get(asked.competency)
    yield "competency", asked.competency if competency is None else competency.title
    if asked.facet is not None:
        facet = index.facets.get(asked.facet)
        yield "facet", asked.facet if facet is None else facet.title


def _title(index: Index, node: Node) -> str:
    entity = node.entity
    if isinstance(entity, Faq):
        return entity.question
    if isinstance(entity, Expectation):
        return _DASH.join(text for _, text in _heading(index, entity))
    title: str | None = getattr(entity, "title", None)
    if isinstance(entity, Level) and entity.code is not None and entity.code not in entity.title:
        return f"{entity.code}{_DASH}{entity.title}"
    if title is None and isinstance(entity, Example) and node.owner is not None:
        return _title(index, _bearer(node.owner))
    if title is None and isinstance(entity, Tip):
        title = short_title(entity)
    return node.address if title is None else title


def _about(index: Index, node: Node) -> Iterator[str]:
    """Give the levels and competencies that filters find an entity by: an expectation by each level it holds at."""
    yield from _places(index.relation(node))
    top = topmost(node)
    if isinstance(top.entity, Expectation):
        yield from index.once(_levels_by_expectation).get(top.address, ())
    if isinstance(node.entity, Guidance):
        targets: Iterable[Node | None] = map(index.find_target, node.entity.about)
        for target in targets:
            if target is not None and not isinstance(target.entity, Ladder):
                yield from _places(index.relation(target))


def _levels_by_expectation(index: Index) -> Mapping[str, Sequence[str]]:
    """Return the levels that each expectation is found by, as `level:slug`."""
    most = min(_MOST_LEVELS, max(1, _MOST_PAIRS // max(1, len(index.ladder.expectations))))
    found = index.once(Demands).first_levels_by_expectation(most)
    named = {slug: f"level:{slug}" for slug in index.levels}
    return {slug: [named[level] for level in levels] for slug, levels in found.items()}


def _places(relation: Relation) -> Iterator[str]:
    if relation.level is not None:
        yield f"level:{relation.level}"
    if relation.competency is not None:
        yield f"competency:{relation.competency}"
