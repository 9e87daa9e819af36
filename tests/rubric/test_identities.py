"""Ids: stable through renames and releases, unique within a ladder; addresses, owners and places."""

from collections.abc import Iterator
from uuid import UUID

from hypothesis import given

from app.rubric.canonical import plain
from app.rubric.entities import Node, walk
from app.rubric.ladder import Ladder
from tests.rubric.drafts import draft
from tests.strategies import ladders

_PINNED = {
    "ladder:acme": "cccbabc6-c977-5b47-9498-be3f620f5a8b",
    "level:l4": "885202c4-3be0-57cb-8c18-653578950d8b",
    "step:depth--novice": "85cdd5c2-f022-558d-88ac-65c6d6139286",
    "expectation:l4--quality": "00a61858-8163-5a27-b8e7-cda4a5d35dd3",
    "example:e": "ee2a8456-c7d3-55c2-9647-6e25bea7617a",
}
_REFERENCES = {
    "levels": ("level",),
    "competencies": ("competency",),
    "facets": ("facet",),
    "tracks": ("track", "extends"),
}


def _renamed(ladder: Ladder, collection: str) -> Ladder:
    """Return the ladder with every entity of one list renamed, and all that names it; without mentions of any."""
    content = plain(ladder)
    for name in ("faqs", "tips", "pages", "removals", "translations"):
        content.pop(name, None)
    for one in _mappings(content):
        one.pop("alignments", None)
        for reference in _REFERENCES[collection]:
            if isinstance(one.get(reference), str):
                one[reference] = _new(one[reference])
    entities = content.get(collection, [])
    assert isinstance(entities, list)
    for entity in entities:
        entity["formerly"] = [*entity.get("formerly", ()), entity["slug"]]
        entity["slug"] = _new(entity["slug"])
    return Ladder.model_validate(content)


def _new(slug: object) -> str:
    return f"r-{slug}"


def _mappings(value: object) -> Iterator[dict[str, object]]:
    if isinstance(value, dict):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _mappings(inner)


def _uuids(ladder: Ladder) -> list[UUID | None]:
    return [node.uuid for node in walk(ladder) if node.kind not in {"faq", "tip", "page"}]


def _node(ladder: Ladder, target: str) -> Node:
    return next(node for node in walk(ladder) if node.target == target)


@given(ladders(max_size=2))
def test_ids_survive_the_renaming_of_anything(ladder: Ladder) -> None:
    for collection in _REFERENCES:
        assert _uuids(_renamed(ladder, collection)) == _uuids(ladder)


@given(ladders())
def test_ids_and_addresses_are_unique_within_a_ladder(ladder: Ladder) -> None:
    nodes = list(walk(ladder))
    uuids = [node.uuid for node in nodes if node.uuid is not None]
    assert len(uuids) == len(set(uuids))
    assert len(nodes) == len({node.target for node in nodes})


@given(ladders())
def test_a_pointer_leads_to_its_entity(ladder: Ladder) -> None:
    for node in walk(ladder):
        held: object = ladder
        for part in node.pointer.split("/")[1:]:
            held = held[int(part)] if isinstance(held, tuple) else getattr(held, part)
        assert held is node.entity


def test_ids_are_the_same_for_ever() -> None:
    """Pinned: another id here would break every link that was ever stored."""
    ladder = draft({"/levels/0/examples": [{"slug": "e", "text": "x"}]})
    targets = ("ladder:acme", "level:l4", "step:depth--novice", "expectation:l4--quality", "example:e")
    assert {target: str(_node(ladder, target).uuid) for target in targets} == _PINNED


def test_an_id_comes_from_first_slugs() -> None:
    before, after = (
        draft(),
        draft(
            {
                "/slug": "acme-corp",
                "/formerly": ["acme"],
                "/levels/0/slug": "ic4",
                "/levels/0/formerly": ["l4", "eng4"],
                "/competencies/0/formerly": ["quality-of-work"],
                "/expectations/0/level": "ic4",
            }
        ),
    )
    assert _node(after, "ladder:acme-corp").uuid == _node(before, "ladder:acme").uuid
    assert _node(after, "level:ic4").uuid == _node(before, "level:l4").uuid
    first = draft({"/competencies/0/slug": "quality-of-work"})
    asked = first.model_copy(
        update={"expectations": (first.expectations[0].model_copy(update={"competency": "quality-of-work"}),)}
    )
    assert (
        _node(after, "expectation:ic4--quality").uuid == _node(asked, "expectation:l4--quality-of-work").uuid
    )


def test_what_has_no_slug_has_an_address_by_position_and_no_id() -> None:
    statements = [
        {"text": "a"},
        {"text": "b", "examples": [{"text": "c"}]},
        {"slug": "s", "text": "d", "examples": [{"text": "e"}]},
    ]
    ladder = draft({"/expectations/0/statements": statements})
    found = [
        (node.target, node.uuid is None) for node in walk(ladder) if node.kind in {"statement", "example"}
    ]
    assert found == [
        ("statement:expectation--l4--quality--statement-1", True),
        ("statement:expectation--l4--quality--statement-2", True),
        ("example:expectation--l4--quality--statement-2--example-1", True),
        ("statement:s", False),
        ("example:statement--s--example-1", True),
    ]


def test_entities_come_in_document_order_owners_first() -> None:
    assert [node.target for node in walk(draft())] == [
        "ladder:acme",
        "track:ic",
        "level:l4",
        "level:l5",
        "scale:depth",
        "step:depth--novice",
        "step:depth--expert",
        "competency:quality",
        "competency:delivery",
        "facet:testing",
        "facet:pace",
        "expectation:l4--quality",
        "expectation:l5--quality",
        "faq:how-long",
    ]
