"""Rules of cells: one expectation each, and what it says.

Each case: edits that leave the small ladder without findings, and edits with all that they bring up.
"""

from typing import Final

import pytest

from tests.rubric.drafts import findings

_CASES: Final = [
    pytest.param(
        {"/expectations/-": {"level": "l4", "competency": "quality", "facet": "testing"}},
        {"/expectations/-": {"level": "l4", "competency": "quality"}},
        [
            (
                "/expectations/2",
                "duplicate-expectation",
                "expectation 'l4--quality' already exists at /expectations/0; merge the two",
            )
        ],
        id="one expectation a cell",
    ),
    pytest.param(
        {
            "/expectations/0": {
                "level": "l4",
                "competency": "quality",
                "applicability": "not-in-use",
                "summary": "Not before L5.",
            }
        },
        {"/expectations/0/applicability": "not-in-use"},
        [
            (
                "/expectations/0/applicability",
                "not-in-use-with-content",
                (
                    "expectation 'l4--quality' is `not-in-use` but has a step, statements or examples; delete "
                    "them, or make it `required` or `optional`"
                ),
            )
        ],
        id="a cell not in use asks nothing",
    ),
    pytest.param(
        {
            "/tracks/-": {"slug": "m", "title": "M", "extends": "ic"},
            "/levels/0/rank": 1,
            "/levels/1/rank": 2,
            "/levels/-": {"slug": "m1", "track": "m", "title": "M1", "rank": 1},
            "/expectations/-": {"level": "m1", "competency": "quality", "applicability": "not-in-use"},
        },
        {
            "/tracks/-": {"slug": "m", "title": "M", "extends": "ic"},
            "/levels/0/rank": 1,
            "/levels/1/rank": 2,
            "/levels/-": {"slug": "m1", "track": "m", "title": "M1", "rank": 1},
            "/expectations/-": {"level": "m1", "competency": "quality"},
        },
        [
            (
                "/expectations/2",
                "empty-override",
                (
                    "expectation 'm1--quality' is empty and hides what track 'm' inherits; delete it to "
                    "inherit, or make it `not-in-use`"
                ),
            )
        ],
        id="an override says something",
    ),
    pytest.param(
        {"/tracks/-": {"slug": "m", "title": "M"}, "/levels/-": {"slug": "m1", "track": "m", "title": "M1"}},
        {"/levels/-": {"slug": "l6", "track": "ic", "title": "x"}},
        [
            (
                "/levels/2",
                "level-without-expectations",
                (
                    "level 'l6' has no expectations, but other levels of track 'ic' do; write some, or ignore "
                    "this if it is intended"
                ),
            )
        ],
        id="no level is forgotten where others ask",
    ),
]


@pytest.mark.parametrize(("good", "bad", "found"), _CASES)
def test_rule(good: dict[str, object], bad: dict[str, object], found: list[tuple[str, str, str]]) -> None:
    assert findings(good) == []
    assert findings(bad) == found
