"""Editing one entity of a ladder: put, rename, remove, reorder."""

from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import Conflict, Invalid, LadderError, NotFound
from app.rubric.canonical import canonical
from app.rubric.editing import LadderRoot, Parting, put, put_root, remove, rename, reorder
from app.rubric.editing.putting import FIELDS
from app.rubric.entities import COLLECTIONS, Kind, Node, walk
from app.rubric.index import Index
from app.rubric.ladder import Expectation, Faq, Ladder, Level, Removal, Scale
from app.rubric.parts import Example
from app.rubric.rules import check
from tests.rubric.drafts import draft
from tests.strategies import ladders

BASE = Index.of(draft())


def edited(ladder: Ladder) -> Index:
    return Index.of(ladder)


def codes(ladder: Ladder) -> list[tuple[str, str]]:
    """Path and code of each finding."""
    return [(one.path, one.code) for one in check(ladder)]


def refused(edit: Callable[[], object], error: type[LadderError]) -> list[tuple[str | None, str]]:
    """Pointer and detail of each fault of a refusal."""
    with pytest.raises(error) as caught:
        edit()
    return [(fault.pointer, fault.detail) for fault in caught.value.faults]


def without(ladder: Ladder, *kinds: str) -> list[Node]:
    """Return the entities that are not of these kinds."""
    return [node for node in walk(ladder) if node.kind not in kinds]


# Putting


def test_a_new_entity_comes_last_in_its_list() -> None:
    level = Level(slug="l6", track="ic", title="Staff engineer")
    done = put(BASE, "level", "l6", level, BASE)
    assert (done.ladder.levels, done.address) == ((*BASE.ladder.levels, level), "l6")
    assert done.ladder.model_copy(update={"levels": BASE.ladder.levels}) == BASE.ladder


def test_an_entity_that_is_there_is_replaced_in_its_place() -> None:
    level = Level(slug="l4", track="ic", title="Builder")
    done = put(BASE, "level", "l4", level, BASE)
    assert (done.ladder.levels, done.address) == ((level, BASE.ladder.levels[1]), "l4")


def test_a_new_entity_bears_the_slug_of_its_address() -> None:
    level = Level(slug="l7", track="ic", title="Principal")
    detail = "There is no level 'l6' to rename. Write the slug in the URL."
    assert refused(lambda: put(BASE, "level", "l6", level), Invalid) == [("/slug", detail)]


def test_an_expectation_is_put_under_the_address_that_its_parts_make() -> None:
    asked = Expectation(level="l5", competency="quality", facet="testing", summary="Tests first.")
    done = put(BASE, "expectation", "l5--quality--testing", asked, BASE)
    assert (done.ladder.expectations[-1], done.address) == (asked, "l5--quality--testing")


@pytest.mark.parametrize(
    ("address", "pointer"),
    [("l4--quality", "/level"), ("l5--delivery", "/competency"), ("l5--quality--testing", "/facet")],
)
def test_an_expectation_is_not_moved_by_putting_it(address: str, pointer: str) -> None:
    asked = Expectation(level="l5", competency="quality", step="novice")
    found = refused(lambda: put(BASE, "expectation", address, asked, BASE), Invalid)
    assert [place for place, _ in found] == [pointer]


def test_an_example_hangs_on_what_it_says() -> None:
    example = Example(slug="codec", text="Chose the codec.")
    done = put(BASE, "example", "codec", example, owner="level:l5")
    assert done.ladder.levels[1].examples == (example,)
    moved = put(edited(done.ladder), "example", "codec", example, owner="expectation:l5--quality")
    assert moved.ladder.levels[1].examples == ()
    assert moved.ladder.expectations[1].examples == (example,)
    named = put(edited(moved.ladder), "example", "codec", Example(text="Chose it."))
    assert named.ladder.expectations[1].examples == (Example(slug="codec", text="Chose it."),)


def test_an_example_without_a_slug_is_known_by_its_place() -> None:
    ladder = draft({"/levels/1/examples": [{"text": "One."}, {"text": "Two."}]})
    done = put(edited(ladder), "example", "level--l5--example-2", Example(text="Zwei."), owner="level:l5")
    assert (done.ladder.levels[1].examples[1], done.address) == (
        Example(text="Zwei."),
        "level--l5--example-2",
    )
    moved = put(edited(ladder), "example", "level--l5--example-1", Example(text="One."), owner="facet:pace")
    assert (moved.ladder.facets[1].examples, moved.address) == (
        (Example(text="One."),),
        "facet--pace--example-1",
    )


@pytest.mark.parametrize(
    ("owner", "detail"),
    [
        (None, "A new example needs `of`: its owner as `kind:slug`, such as `level:l5`."),
        ("level:l9", "There is no entity 'level:l9' that could own the example. Name an existing one."),
        ("track:ic", "A track cannot have examples. Name a level, competency, facet or expectation."),
    ],
)
def test_an_example_needs_something_to_hang_on(owner: str | None, detail: str) -> None:
    example = Example(slug="codec", text="Chose the codec.")
    assert refused(lambda: put(BASE, "example", "codec", example, owner=owner), Invalid) == [("/of", detail)]


def test_what_was_gone_and_is_there_again_is_no_removal() -> None:
    gone = remove(BASE, "level", "l5", BASE, Parting("Merged.", ("level:l4",)))
    again = put(edited(gone), "level", "l5", BASE.ladder.levels[1], BASE)
    assert again.ladder == BASE.ladder


def test_the_ladder_itself_is_put_without_its_lists() -> None:
    root = LadderRoot(slug="acme", title="Acme Ltd", cumulative="yes")
    assert put_root(BASE, root, BASE) == BASE.ladder.model_copy(
        update={"title": "Acme Ltd", "cumulative": "yes"}
    )
    lists = {*COLLECTIONS, "removals", "translations"}
    assert list(LadderRoot.model_fields) == [name for name in Ladder.model_fields if name not in lists]


def test_another_slug_renames_the_ladder_and_mentions_of_it_follow() -> None:
    before = edited(draft({"/faqs/0/about": ["ladder:acme"]}))
    once = put_root(before, LadderRoot(slug="other", title="Acme"), BASE)
    assert (once.names, once.faqs[0].about) == (("other", "acme"), ("ladder:other",))
    again = put_root(edited(once), LadderRoot(slug="third", title="Acme"), BASE)
    assert (again.names, again.faqs[0].about) == (("third", "acme"), ("ladder:third",))
    back = put_root(edited(again), LadderRoot(slug="acme", title="Acme"), BASE)
    assert back == before.ladder.model_copy(update={"title": "Acme"})


# Renaming

MANY_NAMES: dict[str, object] = {
    "/tracks/0/thresholds": [{"points_from": 3, "level": "l5"}],
    "/tracks/-": {"slug": "lead", "title": "Lead", "extends": "ic"},
    "/levels/0/rank": 1,
    "/levels/1/rank": 2,
    "/levels/1/examples": [{"text": "Without a name."}],
    "/levels/-": {"slug": "lead-1", "track": "lead", "title": "Lead", "rank": 2},
    "/competencies/0/proficiencies": [{"step": "expert", "summary": "All of it."}],
    "/facets/0/scale": "depth",
    "/expectations/-": {"level": "l5", "competency": "quality", "facet": "testing", "step": "expert"},
    "/faqs/0/about": [
        "level:l5",
        "expectation:l5--quality",
        "example:level--l5--example-1",
        "step:depth--expert",
        "competency:quality",
        "facet:testing",
        "track:ic",
        "scale:depth",
    ],
    "/faqs/0/alignments": [
        {"match": "close", "entity": "level:l5"},
        {"match": "close", "entity": "level:l5", "ladder": "acme"},
        {"match": "close", "entity": "level:l5", "ladder": "other"},
        {"match": "close", "uri": "https://example.org/l5"},
    ],
    "/removals": [{"kind": "level", "slug": "l3", "reason": "Merged.", "successor": "level:l5"}],
    "/translations": [{"entity": "level:l5", "field": "title", "language": "de", "text": "Erfahren"}],
}


@pytest.mark.parametrize(
    ("kind", "address", "slug"),
    [
        ("track", "ic", "expert-track"),
        ("level", "l5", "senior"),
        ("scale", "depth", "mastery"),
        ("step", "depth--expert", "master"),
        ("competency", "quality", "care"),
        ("facet", "testing", "tests"),
    ],
)
def test_a_rename_is_followed_by_all_that_names_the_entity(kind: str, address: str, slug: str) -> None:
    index = edited(draft(MANY_NAMES))
    assert codes(index.ladder) == []
    node = index.find(kind, address)
    assert node is not None
    old = address.rpartition("--")[2]
    after = rename(index, node, slug, index)
    assert codes(after) == []
    text, was = canonical(after).decode(), canonical(index.ladder).decode()
    assert f'"formerly":["{old}"]' in text
    assert [one.uuid for one in walk(after)] == [one.uuid for one in index.nodes]
    undone = rename(edited(after), edited(after).nodes[index.nodes.index(node)], old, index)
    assert canonical(undone).decode() == was


def test_what_a_rename_of_a_level_changes() -> None:
    index = edited(draft(MANY_NAMES))
    senior = index.levels["l5"].model_copy(update={"slug": "senior"})
    after = put(index, "level", "l5", senior, index).ladder
    assert after.levels[1] == senior.model_copy(update={"formerly": ("l5",)})
    assert after.tracks[0].thresholds[0].level == "senior"
    assert [asked.level for asked in after.expectations] == ["l4", "senior", "senior"]
    faq = after.faqs[0]
    assert faq.about[:3] == (
        "level:senior",
        "expectation:senior--quality",
        "example:level--senior--example-1",
    )
    assert [one.entity for one in faq.alignments] == ["level:senior", "level:senior", "level:l5", None]
    assert after.removals[0].successor == "level:senior"
    assert after.translations[0].entity == "level:senior"


def test_a_slug_that_no_release_has_leaves_no_trace() -> None:
    level = Level(slug="l6", track="ic", title="Staff")
    index = edited(put(BASE, "level", "l6", level, BASE).ladder)
    done = put(index, "level", "l6", level.model_copy(update={"slug": "l7"}), BASE)
    assert (done.ladder.levels[2], done.address) == (level.model_copy(update={"slug": "l7"}), "l7")


def test_a_slug_between_two_releases_leaves_no_trace_either() -> None:
    first = put(BASE, "level", "l5", Level(slug="l6", track="ic", title="Six"), BASE)
    second = put(edited(first.ladder), "level", "l6", Level(slug="l7", track="ic", title="Seven"), BASE)
    assert second.ladder.levels[1] == Level(slug="l7", track="ic", title="Seven", formerly=("l5",))


def test_a_taken_slug_is_refused() -> None:
    level = Level(slug="l4", track="ic", title="Engineer")
    detail = "Another level has the slug 'l4'. Choose a different one."
    assert refused(lambda: put(BASE, "level", "l5", level, BASE), Conflict) == [("/slug", detail)]


def test_an_entity_gets_a_slug_back_that_it_had_before() -> None:
    base = edited(
        draft(
            {
                "/levels/1/slug": "l6",
                "/levels/1/formerly": ["l5"],
                "/expectations/1/level": "l6",
                "/faqs/0/about": [],
            }
        )
    )
    level = base.levels["l6"].model_copy(update={"slug": "l5", "formerly": ()})
    after = put(base, "level", "l6", level, base).ladder
    assert (after.levels[1].slug, after.levels[1].formerly, codes(after)) == ("l5", ("l5", "l6"), [])


def test_the_slug_of_a_removed_entity_cannot_be_given_to_another() -> None:
    base = edited(draft())
    index = edited(remove(base, "level", "l5", base, Parting("Gone."), cascade=True))
    level = base.levels["l4"].model_copy(update={"slug": "l5"})
    detail = "The slug 'l5' belongs to a level that was removed. Choose a different one."
    assert refused(lambda: put(index, "level", "l4", level, base), Conflict) == [("/slug", detail)]


def test_a_new_entity_is_not_taken_for_the_one_that_had_its_slug() -> None:
    base = edited(
        draft(
            {
                "/levels/1/slug": "l6",
                "/levels/1/formerly": ["l5"],
                "/expectations/1/level": "l6",
                "/faqs/0/about": [],
            }
        )
    )
    index = edited(put(base, "level", "l5", Level(slug="l5", track="ic", title="New"), base).ladder)
    after = put(index, "level", "l5", Level(slug="l7", track="ic", title="New"), base).ladder
    assert [(level.slug, level.formerly) for level in after.levels] == [
        ("l4", ()),
        ("l6", ("l5",)),
        ("l7", ()),
    ]


def test_former_slugs_of_a_release_stay_even_where_a_body_leaves_them_out() -> None:
    base = edited(draft({"/levels/1/formerly": ["l3"]}))
    level = Level(slug="l5", track="ic", title="Senior")
    assert put(base, "level", "l5", level, base).ladder.levels[1].formerly == ("l3",)
    assert put(base, "level", "l5", level).ladder.levels[1].formerly == ()


def test_a_step_is_renamed_by_the_earlier_slug_that_it_lists() -> None:
    index = edited(draft(MANY_NAMES))
    scale = index.scales["depth"]
    master = scale.steps[1].model_copy(update={"slug": "master", "formerly": ("expert",)})
    after = put(
        index, "scale", "depth", Scale(slug="depth", title="Depth", steps=(scale.steps[0], master)), index
    )
    assert codes(after.ladder) == []
    assert [asked.step for asked in after.ladder.expectations] == ["novice", "master", "master"]
    assert after.ladder.competencies[0].proficiencies[0].step == "master"
    assert after.ladder.faqs[0].about[3] == "step:depth--master"


# Removing


def test_a_removal_says_why_what_a_release_has_is_gone() -> None:
    after = remove(BASE, "faq", "how-long", BASE, Parting("Nobody asks.", ("level:l5",)))
    removal = Removal(kind="faq", slug="how-long", reason="Nobody asks.", successor="level:l5")
    assert after == BASE.ladder.model_copy(update={"faqs": (), "removals": (removal,)})


@pytest.mark.parametrize(("base", "parting"), [(BASE, None), (None, Parting("Why."))])
def test_it_says_nothing_where_no_reason_is_given_or_no_release_has_it(
    base: Index | None, parting: Parting | None
) -> None:
    after = remove(BASE, "faq", "how-long", base, parting)
    assert after == BASE.ladder.model_copy(update={"faqs": ()})


def test_a_removal_names_what_was_renamed_before_as_the_release_does() -> None:
    faq = Faq(slug="how-soon", question="How soon?", answer="Soon.")
    renamed = put(BASE, "faq", "how-long", faq, BASE)
    after = remove(edited(renamed.ladder), "faq", "how-soon", BASE, Parting("Nobody asks."))
    assert after.removals == (Removal(kind="faq", slug="how-long", reason="Nobody asks."),)


def test_what_names_it_is_left_and_found() -> None:
    after = remove(BASE, "level", "l5", BASE, Parting("Merged."))
    assert after.expectations == BASE.ladder.expectations
    assert codes(after) == [("/expectations/1/level", "unknown-level"), ("/faqs/0/about/0", "unknown-entity")]


@pytest.mark.parametrize(
    ("kind", "address", "gone"),
    [
        ("track", "ic", ["track:ic", "level:l4", "level:l5", "expectation:l4--quality", "expectation:l5--quality"]),
        ("level", "l5", ["level:l5", "expectation:l5--quality"]),
        ("competency", "quality", ["competency:quality", "facet:testing", "expectation:l4--quality",
                                   "expectation:l5--quality"]),
        ("facet", "testing", ["facet:testing"]),
        ("scale", "depth", ["scale:depth", "step:depth--novice", "step:depth--expert"]),
    ],
)  # fmt: skip
def test_what_an_author_would_write_inside_it_goes_along_where_asked(
    kind: Kind, address: str, gone: list[str]
) -> None:
    after = remove(BASE, kind, address, BASE, Parting("No more."), cascade=True)
    left = {node.target for node in walk(after)}
    assert [node.target for node in BASE.nodes if node.target not in left] == gone
    assert [f"{one.kind}:{one.slug}" for one in after.removals] == gone


def test_what_is_not_there_cannot_be_removed() -> None:
    with pytest.raises(NotFound, match="The draft has no level 'l9'"):
        remove(BASE, "level", "l9")


def test_translations_go_with_what_they_translate_and_stay_with_what_moves_up() -> None:
    ladder = draft(
        {
            "/levels/1/examples": [{"text": "One."}, {"text": "Two."}],
            "/faqs/0/about": ["example:level--l5--example-1", "example:level--l5--example-2"],
            "/translations": [
                {
                    "entity": "example:level--l5--example-1",
                    "field": "text",
                    "language": "de",
                    "text": "Eins.",
                },
                {
                    "entity": "example:level--l5--example-2",
                    "field": "text",
                    "language": "de",
                    "text": "Zwei.",
                },
            ],
        }
    )
    after = remove(edited(ladder), "example", "level--l5--example-1")
    assert [(one.entity, one.text) for one in after.translations] == [
        ("example:level--l5--example-1", "Zwei.")
    ]
    assert after.faqs[0].about == ("example:level--l5--example-1",)
    turned = reorder(edited(ladder), "example", ["level--l5--example-2", "level--l5--example-1"])
    assert [(one.entity, one.text) for one in turned.translations] == [
        ("example:level--l5--example-2", "Eins."),
        ("example:level--l5--example-1", "Zwei."),
    ]


def test_translations_follow_examples_that_a_level_is_put_with() -> None:
    """Values made anew are known again by what they say: A goes, B moves up, C is edited, D stays by its slug."""
    texts = ("A.", "B.", "C.")
    named = [{"text": text} for text in texts] + [{"slug": "d", "text": "D."}, {"slug": "e", "text": "E."}]
    places = [f"level--l5--example-{number}" for number in (1, 2, 3)] + ["d", "e"]
    translations = [
        {"entity": f"example:{place}", "field": "text", "language": "de", "text": example["text"].lower()}
        for place, example in zip(places, named, strict=True)
    ]
    about = [f"example:{place}" for place in places]
    ladder = draft({"/levels/1/examples": named, "/translations": translations, "/faqs/0/about": about})
    level = ladder.levels[1].model_copy(
        update={
            "examples": (
                Example(text="B."),
                Example(text="Brand new."),
                Example(text="C, but better."),
                Example(slug="d", text="D."),
            )
        }
    )
    after = put(edited(ladder), "level", "l5", level).ladder
    assert [(one.entity, one.text) for one in after.translations] == [
        ("example:level--l5--example-1", "b."),
        ("example:level--l5--example-3", "c."),
        ("example:d", "d."),
    ]
    assert after.faqs[0].about == (
        "example:level--l5--example-1",
        "example:level--l5--example-3",
        "example:d",
        "example:e",
    )


def test_a_mention_of_what_was_inside_is_left_as_that_of_what_goes_is() -> None:
    inside = {"/levels/1/examples": [{"text": "Calm."}], "/faqs/0/about": ["example:level--l5--example-1"]}
    after = remove(edited(draft(inside)), "level", "l5")
    assert after.faqs[0].about == ("example:level--l5--example-1",)


def test_a_twin_elsewhere_is_not_taken_for_what_was_edited() -> None:
    translation = {
        "entity": "example:level--l5--example-1",
        "field": "text",
        "language": "de",
        "text": "Ruhig.",
    }
    calm = [{"text": "Calm."}]
    ladder = draft({"/levels/0/examples": calm, "/levels/1/examples": calm, "/translations": [translation]})
    after = put(edited(ladder), "example", "level--l5--example-1", Example(text="Very calm.")).ladder
    assert after.translations == ladder.translations


def test_an_example_is_given_a_slug_that_is_free() -> None:
    ladder = draft({"/levels/1/examples": [{"text": "One."}, {"slug": "two", "text": "Two."}]})
    example = Example(slug="two", text="One.")
    detail = "Another example has the slug 'two'. Choose a different one."
    edit = partial(put, edited(ladder), "example", "level--l5--example-1", example)
    assert refused(edit, Conflict) == [("/slug", detail)]


# Reordering


def test_siblings_take_each_others_places() -> None:
    ladder = draft({"/levels/-": {"slug": "m1", "track": "m", "title": "Manager"}})
    after = reorder(edited(ladder), "level", ["m1", "l4"])
    assert [level.slug for level in after.levels] == ["m1", "l5", "l4"]
    after = reorder(edited(ladder), "step", ["depth--expert", "depth--novice"])
    assert [step.slug for step in after.scales[0].steps] == ["expert", "novice"]
    assert reorder(edited(ladder), "level", []) == ladder


def test_an_order_names_each_sibling_once() -> None:
    ladder = draft(
        {
            "/levels/0/examples": [{"slug": "a", "text": "A."}],
            "/levels/1/examples": [{"slug": "b", "text": "B."}],
        }
    )
    assert refused(lambda: reorder(BASE, "level", ["l5", "l44", "l5"]), Invalid) == [
        ("/order/1", "There is no level 'l44'; did you mean 'l4'?"),
        ("/order/2", "'l5' is named twice; name it once."),
    ]
    assert refused(lambda: reorder(edited(ladder), "example", ["a", "b"]), Invalid) == [
        ("/order/1", "'b' does not have the same owner as 'a'; order the entities of each owner separately.")
    ]


# Of any ladder


def chosen(data: st.DataObject, index: Index, kinds: tuple[str, ...] = tuple(FIELDS)) -> Node | None:
    """One entity of some kinds, where there is any."""
    nodes = [node for node in index.nodes if node.kind in kinds]
    return data.draw(st.sampled_from(nodes)) if nodes else None


@given(ladders())
def test_putting_what_is_there_changes_nothing(ladder: Ladder) -> None:
    index = edited(ladder)
    for node in index.nodes:
        if node.kind in FIELDS:
            copy: Any = type(node.entity).model_validate(node.entity.model_dump())
            owner = node.owner.target if node.owner is not None and node.kind == "example" else None
            assert put(index, node.kind, node.address, copy, index, owner=owner).ladder == ladder
    root = LadderRoot(**{name: getattr(ladder, name) for name in LadderRoot.model_fields})
    assert put_root(index, root, index) == ladder


@given(ladders(), st.data())
def test_removing_and_putting_restores_all_but_order_and_translations(
    ladder: Ladder, data: st.DataObject
) -> None:
    index = edited(ladder)
    node = chosen(data, index)
    if node is None or node.owner is None:
        return
    beside = [one for one in index.nodes if one.owner is node.owner and one.field == node.field]
    if any(one.uuid is None for one in beside):
        return  # what is known by its place only cannot be put back there
    gone = edited(remove(index, node.kind, node.address, index, Parting("For a while.")))
    owner = node.owner.target if node.kind == "example" else None
    entity: Any = node.entity
    again = put(gone, node.kind, node.address, entity, index, owner=owner).ladder
    same = {"translations": ()}
    order = reorder(edited(again), node.kind, _order(index, node))
    assert order.model_copy(update=same) == ladder.model_copy(update=same)


def _order(index: Index, node: Node) -> list[str]:
    return [one.address for one in index.of_kind(node.kind) if one.owner is node.owner]


@given(ladders(), st.data(), st.booleans())
def test_renaming_there_and_back_changes_nothing(
    ladder: Ladder,
    data: st.DataObject,
    published: bool,  # noqa: FBT001 - drawn
) -> None:
    index = edited(ladder)
    base = index if published else None
    node = chosen(
        data, index, ("track", "level", "scale", "step", "competency", "facet", "faq", "tip", "page")
    )
    if node is None:
        return
    entity: Any = node.entity
    renamed = edited(rename(index, node, "quite-another", base))
    assert not [one for one in check(renamed.ladder) if one.severity == "error"]
    back = rename(renamed, renamed.nodes[index.nodes.index(node)], entity.slug, base)
    assert back == ladder


@given(ladders(), st.data())
def test_a_reordering_is_a_permutation(ladder: Ladder, data: st.DataObject) -> None:
    index = edited(ladder)
    node = chosen(data, index, ("track", "level", "step", "competency", "facet", "expectation", "statement"))
    if node is None:
        return
    wanted = data.draw(st.permutations(_order(index, node)))
    after = edited(reorder(index, node.kind, wanted))
    assert Counter(str(one.uuid) + repr(one.entity) for one in after.of_kind(node.kind)) == Counter(
        str(one.uuid) + repr(one.entity) for one in index.of_kind(node.kind)
    )
    if all(one.uuid is not None for one in index.of_kind(node.kind)):
        assert [one.address for one in after.of_kind(node.kind) if one.address in wanted] == wanted


@given(ladders(), st.data())
def test_a_translation_stays_with_what_it_translates(ladder: Ladder, data: st.DataObject) -> None:
    index = edited(ladder)
    node = chosen(data, index, ("example", "level", "facet", "expectation"))
    if node is None:
        return
    order = _order(index, node)
    for after in (
        edited(reorder(index, node.kind, order[::-1])),
        edited(remove(index, node.kind, node.address)),
    ):
        said = [(_translated(index, one.entity), one.text) for one in ladder.translations]
        kept = [(_translated(after, one.entity), one.text) for one in after.ladder.translations]
        assert [pair for pair in said if pair in kept] == kept


def _translated(index: Index, target: str) -> str:
    """Return the own texts of an entity, without its inner entities."""
    node = index.find_target(target)
    assert node is not None
    inside = {"examples", "statements", "proficiencies", "steps"}
    ladder_lists = {*COLLECTIONS, "removals", "translations"}
    return f"{node.kind} {node.entity.model_dump_json(exclude=inside | ladder_lists)}"


@given(ladders(), st.data())
def test_editing_one_leaves_all_others_as_they_are(ladder: Ladder, data: st.DataObject) -> None:
    index = edited(ladder)
    node = chosen(data, index, ("track", "level", "competency", "facet", "faq", "tip", "page"))
    if node is None:
        return
    name = "question" if node.kind == "faq" else "title"
    entity: Any = node.entity.model_copy(update={name: "Quite another"})
    after = edited(put(index, node.kind, node.address, entity, index).ladder)
    inside = {"ladder", node.kind}
    pairs = zip(without(ladder, *inside), without(after.ladder, *inside), strict=True)
    assert all(one.entity is other.entity for one, other in pairs)
    assert [one.entity for one in after.of_kind(node.kind)] == [
        entity if one is node else one.entity for one in index.of_kind(node.kind)
    ]
