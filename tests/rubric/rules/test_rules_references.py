"""Rules of reference: slugs that name other parts of the ladder.

Each case: edits that leave the small ladder without findings, and edits with all that they bring up.
"""

from typing import Final

import pytest

from tests.rubric.drafts import findings

_CASES: Final = [
    pytest.param(
        {},
        {"/levels/1/track": "icc"},
        [
            (
                "/levels/1/track",
                "unknown-track",
                (
                    "level 'l5' names track 'icc', which does not exist; did you mean 'ic'? If not, use an "
                    "existing one, or add it"
                ),
            )
        ],
        id="a level names a track",
    ),
    pytest.param(
        {"/tracks/0/formerly": ["engineers"]},
        {"/tracks/0/formerly": ["engineers"], "/levels/1/track": "engineers"},
        [
            (
                "/levels/1/track",
                "unknown-track",
                "level 'l5' names track 'engineers', which was renamed to 'ic'; write the new slug",
            )
        ],
        id="a renamed track is named by its slug of today",
    ),
    pytest.param(
        {
            "/levels/0/rank": 1,
            "/levels/1/rank": 2,
            "/tracks/-": {"slug": "manager", "title": "M", "extends": "ic"},
            "/levels/-": {"slug": "m1", "track": "manager", "title": "M1", "rank": 2},
        },
        {"/tracks/0/extends": "manager"},
        [
            (
                "/tracks/0/extends",
                "unknown-track",
                ("track 'ic' names track 'manager', which does not exist; use an existing one, or add it"),
            )
        ],
        id="a track extends a track",
    ),
    pytest.param(
        {"/competencies/1/scale": "depth", "/facets/1/scale": "depth"},
        {"/competencies/1/scale": "deepth", "/facets/1/scale": "zzz"},
        [
            (
                "/competencies/1/scale",
                "unknown-scale",
                (
                    "competency 'delivery' names scale 'deepth', which does not exist; did you mean "
                    "'depth'? If not, use an existing one, or add it"
                ),
            ),
            (
                "/facets/1/scale",
                "unknown-scale",
                ("facet 'pace' names scale 'zzz', which does not exist; use an existing one, or add it"),
            ),
        ],
        id="competencies and facets name a scale",
    ),
    pytest.param(
        {"/facets/0/competency": "delivery"},
        {"/facets/0/competency": "qualty"},
        [
            (
                "/facets/0/competency",
                "unknown-competency",
                (
                    "facet 'testing' names competency 'qualty', which does not exist; did you mean "
                    "'quality'? If not, use an existing one, or add it"
                ),
            )
        ],
        id="a facet names its competency",
    ),
    pytest.param(
        {"/tracks/0/thresholds": [{"points_from": 1, "level": "l5"}]},
        {"/tracks/0/thresholds": [{"points_from": 1, "level": "l9"}]},
        [
            (
                "/tracks/0/thresholds/0/level",
                "unknown-level",
                (
                    "a threshold of track 'ic' names level 'l9', which does not exist; did you mean 'l4' or"
                    " 'l5'? If not, use an existing one, or add it"
                ),
            )
        ],
        id="a threshold gives a level that is there",
    ),
    pytest.param(
        {
            "/tracks/-": {"slug": "m", "title": "M", "thresholds": [{"points_from": 1, "level": "m1"}]},
            "/levels/-": {"slug": "m1", "track": "m", "title": "M1"},
        },
        {
            "/tracks/-": {"slug": "m", "title": "M", "thresholds": [{"points_from": 1, "level": "l5"}]},
            "/levels/-": {"slug": "m1", "track": "m", "title": "M1"},
        },
        [
            (
                "/tracks/1/thresholds/0/level",
                "threshold-level-elsewhere",
                (
                    "a threshold of track 'm' gives level 'l5', which is on track 'ic'; name a level of "
                    "the same track, or write only a title"
                ),
            )
        ],
        id="a threshold gives a level of its own track",
    ),
    pytest.param(
        {"/expectations/-": {"level": "l4", "competency": "quality", "facet": "testing", "step": "novice"}},
        {"/expectations/-": {"level": "l44", "competency": "qual", "facet": "tests", "step": "novize"}},
        [
            (
                "/expectations/2/level",
                "unknown-level",
                (
                    "expectation 'l44--qual--tests' names level 'l44', which does not exist; did you mean "
                    "'l4'? If not, use an existing one, or add it"
                ),
            ),
            (
                "/expectations/2/competency",
                "unknown-competency",
                (
                    "expectation 'l44--qual--tests' names competency 'qual', which does not exist; did you "
                    "mean 'quality'? If not, use an existing one, or add it"
                ),
            ),
            (
                "/expectations/2/facet",
                "unknown-facet",
                (
                    "expectation 'l44--qual--tests' names facet 'tests', which does not exist; use an existing "
                    "one, or add it"
                ),
            ),
        ],
        id="an expectation names a level, a competency and a facet",
    ),
    pytest.param(
        {"/expectations/-": {"level": "l4", "competency": "delivery", "facet": "pace"}},
        {"/expectations/-": {"level": "l4", "competency": "quality", "facet": "pace"}},
        [
            (
                "/expectations/2/facet",
                "facet-of-other-competency",
                (
                    "expectation 'l4--quality--pace' names facet 'pace' under competency 'quality', but "
                    "it is a part of 'delivery'; write `competency: delivery`, or another facet"
                ),
            )
        ],
        id="an expectation's facet is a part of its competency",
    ),
]


@pytest.mark.parametrize(("good", "bad", "found"), _CASES)
def test_rule(good: dict[str, object], bad: dict[str, object], found: list[tuple[str, str, str]]) -> None:
    assert findings(good) == []
    assert findings(bad) == found
