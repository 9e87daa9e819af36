"""The levels that can come next, and the kind of each move."""

from typing import Any, Final

from hypothesis import given

from app.rubric.index import Index
from app.rubric.inheritance import Inheritance
from app.rubric.ladder import Ladder
from app.rubric.views.next_level import TOP, UNORDERED, Onward
from app.rubric.views.progression import moves
from tests.seed.bundles import SECOND, ladder_of
from tests.strategies import framework_ladders, ladders

Told = list[tuple[str, str, str]]
EXAMPLE: Final = ladder_of(SECOND)


def ladder(levels: str, *tracks: dict[str, Any]) -> Ladder:
    """Levels as `track:rank`, without a rank by place."""
    named = [one.partition(":") for one in levels.split()]
    written = [
        {"slug": f"{track}-{rank or place}".replace(".", "-"), "track": track, "title": "x"}
        | ({"rank": float(rank)} if rank else {})
        for place, (track, _, rank) in enumerate(named)
    ]
    slugs = dict.fromkeys(track for track, _, _ in named)
    told = [{"slug": slug, "title": slug} for slug in slugs]
    told = [one | next((more for more in tracks if more["slug"] == one["slug"]), {}) for one in told]
    return Ladder.model_validate({"slug": "a", "title": "A", "tracks": told, "levels": written})


def ways(of: Ladder, level: str) -> Told:
    index = Index.of(of)
    found = moves(Inheritance(index), index.levels[level])
    return [(move.level.slug, move.how, move.rank) for move in found]


def test_the_next_rung_is_a_promotion_and_above_the_top_is_nothing() -> None:
    one = ladder("a:1 a:2 a:3")
    assert ways(one, "a-1") == [("a-2", "promotion", "next")]
    assert ways(one, "a-3") == []


def test_position_orders_the_levels_of_one_track_and_nothing_else() -> None:
    one = ladder("a a b b")
    assert ways(one, "a-0") == [("a-1", "promotion", "next")]
    assert ways(one, "a-1") == []
    assert ways(ladder("a:1 b b:1"), "a-1") == [("b-1", "switch", "equal")]


def test_on_a_track_without_order_nothing_is_a_promotion() -> None:
    tracks: list[dict[str, Any]] = [
        {"slug": "a", "title": "A", "ordered": False},
        {"slug": "b", "title": "B"},
    ]
    one = ladder("a:1 a:2 b:1 b:2", *tracks)
    assert ways(one, "a-1") == [("b-1", "switch", "equal"), ("b-2", "switch", "next")]
    assert ways(one, "b-1") == [("b-2", "promotion", "next")]
    index = Index.of(one)
    assert Onward(index, index.levels["a-1"]).note == UNORDERED
    assert Onward(index, index.levels["b-1"]).note is None
    assert Onward(index, index.levels["b-2"]).note == TOP


def test_half_ranks_are_rungs_like_any() -> None:
    one = ladder("a:1 a:1.5 a:2 b:1 b:2")
    assert ways(one, "a-1") == [
        ("a-1-5", "promotion", "next"),
        ("b-1", "switch", "equal"),
        ("b-2", "switch", "next"),
    ]
    assert ways(one, "b-1") == [
        ("b-2", "promotion", "next"),
        ("a-1", "switch", "equal"),
        ("a-1-5", "switch", "next"),
    ]


def test_changing_track_skips_no_rank() -> None:
    assert ways(ladder("a:1 a:2 a:9 b:9"), "a-1") == [("a-2", "promotion", "next")]
    assert ways(ladder("a:10 a:20 b:20"), "a-10") == [
        ("a-20", "promotion", "next"),
        ("b-20", "switch", "next"),
    ]


def test_tracks_of_the_same_group_come_first() -> None:
    groups = [{"slug": slug, "title": slug, "group": group} for slug, group in (("a", "x"), ("c", "x"))]
    one = ladder("a:1 b:1 c:1 c:2", *groups)
    assert [slug for slug, _, _ in ways(one, "a-1")] == ["c-1", "c-2", "b-1"]


def test_a_fork_is_entered_where_it_leaves_and_left_at_equal_or_next_rank() -> None:
    assert ways(EXAMPLE, "l3") == [("l4", "promotion", "next")]
    assert ways(EXAMPLE, "l4") == [("l5", "promotion", "next"), ("m1", "switch", "next")]
    assert ways(EXAMPLE, "l5") == [
        ("l6", "promotion", "next"),
        ("m1", "switch", "equal"),
        ("m2", "switch", "next"),
    ]
    assert ways(EXAMPLE, "m1") == [
        ("m2", "promotion", "next"),
        ("l5", "switch", "equal"),
        ("l6", "switch", "next"),
    ]
    assert ways(EXAMPLE, "m3") == [("l7", "switch", "equal")]


def test_where_a_track_ends_the_forks_that_go_on_are_promotions() -> None:
    forked = framework_ladders()["financial-times"]
    assert ways(forked, "senior") == [("principal", "promotion", "next"), ("manager", "promotion", "next")]
    assert ways(forked, "principal") == [("manager", "switch", "equal")]


def test_tracks_that_extend_one_another_in_a_circle_or_lead_nowhere_end_the_way() -> None:
    circle = [{"slug": "a", "title": "A", "extends": "b"}, {"slug": "b", "title": "B", "extends": "a"}]
    assert ways(ladder("a:1 b:1", *circle), "a-1") == [("b-1", "switch", "equal")]
    nowhere = ladder("a:1 a:2").model_copy(update={"tracks": ()})
    assert ways(nowhere, "a-1") == [("a-2", "promotion", "next")]


@given(ladders())
def test_no_way_leads_down_and_promotion_always_leads_up(generated: Ladder) -> None:
    index = Index.of(generated)
    inheritance = Inheritance(index)
    for level in generated.levels:
        found = moves(inheritance, level)
        slugs = [move.level.slug for move in found]
        assert len(set(slugs)) == len(slugs)
        assert level.slug not in slugs
        for move in found:
            above = index.ranks[move.level.slug] - index.ranks[level.slug]
            assert above == 0 if move.rank == "equal" else above > 0
            assert move.how == "switch" or above > 0
            assert (
                move.level.track == level.track
                or move.how == "switch"
                or level in inheritance.rungs(move.level.track)
            )
        own = [
            rung
            for rung in inheritance.rungs(level.track)
            if index.ranks[rung.slug] > index.ranks[level.slug]
        ]
        assert not own or slugs[0] == own[0].slug
