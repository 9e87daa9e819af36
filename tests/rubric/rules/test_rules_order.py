"""Rules of order: ranks, ranges, tracks that extend one another.

Each case: edits that leave the small ladder without findings, and edits with all that they bring up.
"""

from typing import Final

import pytest

from tests.rubric.drafts import findings

_CASES: Final = [
    pytest.param(
        {"/levels/0/rank": 1.5, "/levels/1/rank": 2},
        {"/levels/0/rank": 2},
        [
            (
                "/levels/1",
                "duplicate-rank",
                (
                    "levels 'l4' and 'l5' of track 'ic' have the same rank 2 (by its position on the track); "
                    "write another `rank` on one of them"
                ),
            ),
            (
                "/levels/1",
                "mixed-ranks",
                (
                    "level 'l5' has no `rank`, while others of track 'ic' have one; write a rank on every level "
                    "of the track, or on none"
                ),
            ),
        ],
        id="a rank by place differs from a written one",
    ),
    pytest.param(
        {
            "/levels/0/rank": 7,
            "/levels/1/rank": 7.5,
            "/tracks/-": {"slug": "m", "title": "M"},
            "/levels/-": {"slug": "m1", "track": "m", "title": "M1", "rank": 7},
        },
        {"/levels/0/rank": 7, "/levels/1/rank": 7.0},
        [
            (
                "/levels/1/rank",
                "duplicate-rank",
                (
                    "levels 'l4' and 'l5' of track 'ic' have the same rank 7 (as written); write "
                    "another `rank` on one of them"
                ),
            )
        ],
        id="written ranks differ",
    ),
    pytest.param(
        {"/levels/0/rank": 5, "/levels/1/rank": 5.5},
        {"/levels/0/rank": 5.5, "/levels/1/rank": 5},
        [
            (
                "/levels/1/rank",
                "rank-order",
                (
                    "level 'l5' has rank 5 but is listed after a higher level of track 'ic'; list levels from "
                    "the lowest up, or correct the rank"
                ),
            )
        ],
        id="levels stand from the lowest up",
    ),
    pytest.param(
        {
            "/levels/0/rank": 1,
            "/levels/1/rank": 2,
            "/tracks/-": {"slug": "m", "title": "M", "extends": "ic"},
            "/levels/-": {"slug": "m1", "track": "m", "title": "M1", "rank": 1},
        },
        {
            "/tracks/-": {"slug": "m", "title": "M", "extends": "ic"},
            "/levels/-": {"slug": "m1", "track": "m", "title": "M1", "rank": 1},
        },
        [
            (
                "/tracks/1/extends",
                "extends-without-ranks",
                (
                    "track 'm' extends 'ic', but levels of 'ic' have no written rank and inherit nothing; write a "
                    "`rank` on every level of both tracks"
                ),
            )
        ],
        id="a track that extends another has ranks, and so has the other",
    ),
    pytest.param(
        {"/tracks/0/ordered": False, "/levels/0/rank": 2, "/levels/1/rank": 1},
        {"/tracks/0/extending": "adds", "/expectations/0/extending": "adds"},
        [
            (
                "/tracks/0/extending",
                "extending-without-extends",
                (
                    "track 'ic' has `extending` and extends no track; write the track that it `extends`, or delete "
                    "`extending`"
                ),
            ),
            (
                "/expectations/0/extending",
                "extending-without-extends",
                (
                    "expectation 'l4--quality' has `extending`, but its track 'ic' extends no track; delete "
                    "`extending`"
                ),
            ),
        ],
        id="only what extends says how, and an unordered track has levels in any order",
    ),
    pytest.param(
        {},
        {"/tracks/0/extends": "ic"},
        [
            (
                "/tracks/0/extends",
                "extends-cycle",
                "tracks extend each other in a cycle: ic -> ic; delete one `extends`",
            )
        ],
        id="a track does not extend itself",
    ),
    pytest.param(
        {
            "/tracks": [
                {"slug": "lead", "title": "T", "extends": "ic"},
                {"slug": "ic", "title": "T", "extends": "base"},
                {"slug": "base", "title": "T"},
            ],
            "/levels": [
                {"slug": "l4", "track": "ic", "title": "x", "rank": 1},
                {"slug": "l5", "track": "ic", "title": "x", "rank": 2},
                {"slug": "b", "track": "base", "title": "B", "rank": 1},
                {"slug": "d", "track": "lead", "title": "D", "rank": 1},
            ],
        },
        {
            "/tracks": [
                {"slug": "lead", "title": "T", "extends": "ic"},
                {"slug": "ic", "title": "T", "extends": "third"},
                {"slug": "second", "title": "T", "extends": "ic"},
                {"slug": "third", "title": "T", "extends": "second"},
            ],
            "/levels": [
                {"slug": "l4", "track": "ic", "title": "x", "rank": 1},
                {"slug": "l5", "track": "ic", "title": "x", "rank": 2},
                {"slug": "l", "track": "lead", "title": "x", "rank": 1},
                {"slug": "s", "track": "second", "title": "x", "rank": 1},
                {"slug": "t", "track": "third", "title": "x", "rank": 1},
            ],
        },
        [
            (
                "/tracks/1/extends",
                "extends-cycle",
                ("tracks extend each other in a cycle: ic -> third -> second -> ic; delete one `extends`"),
            )
        ],
        id="a circle of tracks is reported once, at its first track",
    ),
    pytest.param(
        {
            "/tracks/0/thresholds": [
                {"points_from": 1, "points_to": 1, "title": "t"},
                {"points_from": 0, "title": "t"},
            ]
        },
        {"/tracks/0/thresholds": [{"points_from": 5, "points_to": 1, "title": "t"}]},
        [
            (
                "/tracks/0/thresholds/0/points_to",
                "threshold-range",
                (
                    "a threshold of track 'ic' goes from 5 to 1 points; swap the two, or delete `points_to` for "
                    "no upper limit"
                ),
            )
        ],
        id="a threshold runs upwards",
    ),
    pytest.param(
        {},
        {"/tracks/0/thresholds": [{"points_from": 1}]},
        [
            (
                "/tracks/0/thresholds/0",
                "threshold-gives-nothing",
                "a threshold of track 'ic' has no level and no title; write one, or delete the threshold",
            )
        ],
        id="a threshold gives something",
    ),
    pytest.param(
        {"/levels/0/years_from": 0, "/levels/0/years_to": 0, "/levels/1/years_from": 3},
        {"/levels/0/years_from": 5, "/levels/0/years_to": 3, "/levels/1/years_from": -1},
        [
            (
                "/levels/0/years_to",
                "years-range",
                "level 'l4' has `years_to` 3; write at least 5, or delete it",
            ),
            (
                "/levels/1/years_from",
                "years-range",
                "level 'l5' has `years_from` -1; write at least 0, or delete it",
            ),
        ],
        id="years run upwards from none",
    ),
]


@pytest.mark.parametrize(("good", "bad", "found"), _CASES)
def test_rule(good: dict[str, object], bad: dict[str, object], found: list[tuple[str, str, str]]) -> None:
    assert findings(good) == []
    assert findings(bad) == found
