"""The index: every way to look things up in one ladder, drafts with findings included."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from hypothesis import given

from app.rubric.entities import Node
from app.rubric.index import Index
from app.rubric.ladder import Ladder
from app.rubric.owners import Relation
from app.rubric.views.demands import Demands
from tests.rubric.drafts import draft
from tests.strategies import ladders

_RICH = {
    "/tracks/-": {"slug": "manager", "title": "Manager", "formerly": ["lead", "head"]},
    "/levels/-": {"slug": "m2", "track": "manager", "title": "M", "rank": 2.5},
    "/levels/1/formerly": ["senior"],
    "/levels/0/examples": [{"slug": "on-level", "text": "x"}],
    "/competencies/0/formerly": ["care"],
    "/competencies/0/proficiencies": [{"step": "novice", "examples": [{"slug": "on-step", "text": "x"}]}],
    "/scales/0/formerly": ["grade"],
    "/scales/0/steps/1/formerly": ["master"],
    "/facets/0/examples": [{"slug": "on-facet", "text": "x"}],
    "/expectations/-": {
        "level": "l5",
        "competency": "quality",
        "facet": "testing",
        "statements": [{"text": "x", "examples": [{"slug": "on-line", "text": "x"}]}],
        "examples": [{"text": "x"}],
    },
    "/tips": [{"slug": "tip", "title": "T", "text": "", "about": ["level:l5", "facet:testing", "level:l5"]}],
    "/pages": [{"slug": "page", "title": "P", "text": "", "about": ["tip:tip"]}],
}


@pytest.fixture
def index() -> Index:
    return Index.of(draft(_RICH))


def _target(node: Node | None) -> str | None:
    return None if node is None else node.target


@given(ladders())
def test_every_entity_is_found_by_what_names_it(ladder: Ladder) -> None:
    index = Index.of(ladder)
    for node in index.nodes:
        assert index.find(node.kind, node.address) is node
        assert index.find_target(node.target) is node
        assert node in index.of_kind(node.kind)
        assert node.uuid is None or index.find_uuid(node.uuid) is node
        for former in getattr(node.entity, "formerly", ()):
            scale = f"{node.owner.address}--" if node.kind == "step" and node.owner else ""
            assert index.find_renamed(node.kind, f"{scale}{former}") is node
        assert index.find_renamed(node.kind, node.address) is None
    assert sum(len(index.of_kind(kind)) for kind in {node.kind for node in index.nodes}) == len(index.nodes)


@given(ladders())
def test_groups_hold_everything_once(ladder: Ladder) -> None:
    index = Index.of(ladder)
    assert sum(map(len, index.levels_of.values())) == len(ladder.levels)
    assert sum(map(len, index.facets_of.values())) == len(ladder.facets)
    assert sum(map(len, index.expectations_of_level.values())) == len(ladder.expectations)
    assert sum(map(len, index.expectations_of_competency.values())) == len(ladder.expectations)
    assert tuple(index.cells.values()) == ladder.expectations
    assert set(index.ranks) == {level.slug for level in ladder.levels}


def test_what_is_unknown_is_not_found(index: Index) -> None:
    assert index.find("level", "l9") is None
    assert index.find_target("l5") is None
    assert index.find_target("") is None
    assert index.find_renamed("level", "l9") is None
    assert index.find_renamed("expectation", "x") is None
    assert index.of_kind("statue") == ()


def test_former_slugs_lead_to_todays_entity(index: Index) -> None:
    formers = {
        ("track", "lead"): "track:manager",
        ("level", "senior"): "level:l5",
        ("scale", "grade"): "scale:depth",
        ("step", "depth--master"): "step:depth--expert",
        ("step", "grade--master"): "step:depth--expert",
        ("step", "grade--novice"): "step:depth--novice",
        ("expectation", "senior--quality"): "expectation:l5--quality",
        ("expectation", "l5--care"): "expectation:l5--quality",
        ("expectation", "senior--care--testing"): "expectation:l5--quality--testing",
    }
    assert {key: _target(index.find_renamed(*key)) for key in formers} == formers


def test_a_rank_is_the_one_written_or_the_place_on_the_track(index: Index) -> None:
    assert dict(index.ranks) == {"l4": 1, "l5": 2, "m2": 2.5}


def test_the_scale_is_the_facets_own_or_its_competencys() -> None:
    size = {"slug": "size", "title": "Size"}
    index = Index.of(draft({"/scales/-": size, "/facets/1/scale": "size", "/competencies/1/scale": "gone"}))
    found = {
        ("quality", None): "depth",
        ("quality", "testing"): "depth",
        ("delivery", "pace"): "size",
        ("delivery", None): None,
        ("nothing", "nothing"): None,
    }
    scales = {cell: index.scale_of(*cell) for cell in found}
    assert {cell: scale.slug if scale else None for cell, scale in scales.items()} == found
    assert index.scale_name("delivery") == "gone"


def test_examples_come_in_document_order_with_what_they_hang_on(index: Index) -> None:
    assert [(node.address, relation) for node, relation in index.examples] == [
        ("on-level", Relation(level="l4")),
        ("on-step", Relation(competency="quality")),
        ("on-facet", Relation(competency="quality", facet="testing")),
        ("on-line", Relation("l5", "quality", "testing")),
        ("expectation--l5--quality--testing--example-1", Relation("l5", "quality", "testing")),
    ]


def test_what_hangs_on_nothing_relates_to_nothing(index: Index) -> None:
    found = [index.relation(node) for node in index.nodes if node.kind in {"ladder", "track", "step", "faq"}]
    assert set(found) == {Relation()}


def test_guidance_is_found_by_what_it_is_about_each_once(index: Index) -> None:
    assert {target: [node.target for node in nodes] for target, nodes in index.about.items()} == {
        "level:l5": ["faq:how-long", "tip:tip"],
        "facet:testing": ["tip:tip"],
        "tip:tip": ["page:page"],
    }


def test_of_two_with_one_slug_the_first_is_found() -> None:
    index = Index.of(draft({"/levels/-": {"slug": "l5", "track": "ic", "title": "Other", "rank": 9}}))
    assert index.levels["l5"].title == "Senior engineer"
    assert index.ranks["l5"] == 2
    assert [level.title for level in index.levels_of["ic"]] == ["Engineer", "Senior engineer", "Other"]


def test_a_draft_full_of_dangling_names_can_be_indexed() -> None:
    lost = {
        "slug": "a",
        "title": "A",
        "tracks": [{"slug": "t", "title": "T", "extends": "t"}],
        "levels": [{"slug": "l", "track": "gone", "title": "L"}],
        "facets": [{"slug": "f", "competency": "gone", "title": "F", "scale": "gone"}],
        "expectations": [{"level": "gone", "competency": "gone", "facet": "f", "examples": [{"text": "x"}]}],
        "tips": [{"slug": "t", "title": "T", "text": "", "about": ["level:gone", "odd:gone"]}],
    }
    index = Index.of(Ladder.model_validate(lost))
    assert index.scale_of("gone", "f") is None
    assert index.levels_of["gone"] == index.ladder.levels
    assert dict(index.ranks) == {"l": 1}
    assert [relation for _, relation in index.examples] == [Relation("gone", "gone", "f")]
    assert set(index.about) == {"level:gone", "odd:gone"}


def test_look_ups_cannot_be_changed(index: Index) -> None:
    with pytest.raises(TypeError):
        index.levels["l9"] = index.levels["l5"]  # type: ignore[index]


def test_what_is_derived_from_a_ladder_is_made_once() -> None:
    index, other = Index.of(draft()), Index.of(draft())
    found = index.once(Demands)
    assert index.once(Demands) is found
    assert found.index is index
    assert other.once(Demands) is not found


def test_two_threads_that_derive_the_same_at_once_share_one() -> None:
    index, both = Index.of(draft()), Barrier(2, timeout=10)

    def derived(of: Index) -> list[Index]:
        both.wait()
        return [of]

    with ThreadPoolExecutor(2) as threads:
        one, other = (threads.submit(index.once, derived) for _ in range(2))
        assert one.result() is other.result() is index.once(derived)


def test_what_was_derived_is_no_part_of_what_an_index_is() -> None:
    index = Index.of(draft())
    other = Index(index.ladder, index.nodes)
    index.once(Demands)
    assert index == other
    assert repr(index) == repr(other)


def test_a_pointer_finds_the_innermost_entity_that_it_leads_into(index: Index) -> None:
    for node in index.nodes:
        assert index.at_pointer(node.pointer) is node
        assert index.at_pointer(f"{node.pointer}/summary") is node
    assert index.at_pointer("/nothing/0/there").kind == "ladder"
