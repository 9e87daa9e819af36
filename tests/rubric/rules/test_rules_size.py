"""Rules of size: a ladder at a limit has no such finding; above it, the finding names the number and the limit."""

import itertools
import re
from typing import Any, Final

import pytest

from app.rubric.ladder import Ladder
from app.rubric.rules import check

_CODES: Final = {
    "too-many-entities",
    "too-many-items",
    "too-many-levels",
    "too-many-cells",
    "extends-too-deep",
}


def _pages(entities: int) -> dict[str, Any]:
    return {"pages": [{"slug": f"p{n}", "title": "x", "text": "x"} for n in range(entities - 1)]}


def _links(items: int) -> dict[str, Any]:
    return {"references": [{"title": "x", "url": f"https://example.org/{n}"} for n in range(items)]}


def _levels(levels: int, competencies: int = 0, facets: int = 0) -> dict[str, Any]:
    return {
        "tracks": [{"slug": "t", "title": "x"}],
        "levels": [{"slug": f"l{n}", "title": "x", "track": "t"} for n in range(levels)],
        "competencies": [{"slug": f"c{n}", "title": "x"} for n in range(competencies)],
        "facets": [{"slug": f"f{n}", "title": "x", "competency": "c0"} for n in range(facets)],
    }


def _tracks(extended: int) -> dict[str, Any]:
    """Return tracks, each of which extends the next one; the last in the list extends that many."""
    names = [f"t{n}" for n in range(extended + 1)]
    parents = dict(itertools.pairwise(names))
    tracks = [{"slug": name, "title": "x"} | _extends(parents.get(name)) for name in reversed(names)]
    return {"tracks": tracks}


def _extends(track: str | None) -> dict[str, str]:
    return {} if track is None else {"extends": track}


@pytest.mark.parametrize(
    ("most", "more", "finding"),
    [
        pytest.param(
            _pages(22_000),
            _pages(22_001),
            (
                "",
                "too-many-entities",
                (
                    "ladder 'wide' has 22,001 entities, statements and examples included; the limit is "
                    "22,000. Split it into several ladders"
                ),
            ),
            id="22,000 entities",
        ),
        pytest.param(
            _links(60_000),
            _links(60_001),
            (
                "",
                "too-many-items",
                (
                    "the lists of ladder 'wide' have 60,001 items, translations and links included; the limit "
                    "is 60,000. Split it into several ladders"
                ),
            ),
            id="60,000 items",
        ),
        pytest.param(
            _levels(2_000),
            _levels(2_001),
            (
                "/levels",
                "too-many-levels",
                "ladder 'wide' has 2,001 levels; the limit is 2,000. Split it into several ladders",
            ),
            id="2,000 levels",
        ),
        pytest.param(
            _levels(1_000, 100, 50),
            _levels(1_000, 100, 51),
            (
                "/levels",
                "too-many-cells",
                (
                    "the matrix of ladder 'wide' has 151,000 cells: 1,000 levels times 151 competencies and facets; "
                    "the limit is 150,000. Split it into several ladders"
                ),
            ),
            id="150,000 cells",
        ),
        pytest.param(
            _tracks(20),
            _tracks(21),
            (
                "/tracks/21/extends",
                "extends-too-deep",
                (
                    "track 't0' extends 21 tracks, directly or through others; the limit is 20. Make it extend "
                    "track 't2' directly"
                ),
            ),
            id="20 tracks extended",
        ),
    ],
)
def test_a_ladder_has_at_most(
    most: dict[str, Any], more: dict[str, Any], finding: tuple[str, str, str]
) -> None:
    assert _sizes(most) == []
    assert _sizes(more) == [finding]


def _sizes(content: dict[str, Any]) -> list[tuple[str, str, str]]:
    found = check(Ladder.model_validate({"slug": "wide", "title": "Wide", **content}))
    return [(one.path, one.code, one.message) for one in found if one.code in _CODES]


def test_the_fix_for_too_many_extended_tracks_works() -> None:
    ladder = _tracks(50)
    tracks = {track["slug"]: track for track in ladder["tracks"]}
    for _ in range(100):
        found = _sizes(ladder)
        if not found:
            return
        (message,) = (message for _, code, message in found if code == "extends-too-deep")
        wrong, instead = re.findall(r"track '(\w+)'", message)
        tracks[wrong]["extends"] = instead
    raise AssertionError("the fix leads in a circle")
