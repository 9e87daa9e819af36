"""Rules of content: nothing blank, nothing left lying about.

Each case: edits that leave the small ladder without findings, and edits with all that they bring up.
"""

from typing import Final

import pytest

from tests.rubric.drafts import findings

_CASES: Final = [
    pytest.param(
        {"/title": "\u200b A", "/levels/0/summary": ""},
        {"/title": " \u200b\xa0", "/levels/0/other_titles": ["\n"]},
        [
            (
                "/title",
                "blank-line",
                "`title` of ladder:acme is only white space; write text, or delete it",
            ),
            (
                "/levels/0/other_titles/0",
                "blank-line",
                "`other_titles/0` of level:l4 is only white space; write text, or delete it",
            ),
        ],
        id="titles show something",
    ),
    pytest.param(
        {
            "/levels/0/attributes": [{"title": "Reach", "items": ["team"]}],
            "/expectations/0/statements": [{"text": "\u200bx"}],
        },
        {
            "/levels/0/attributes": [{"title": "Reach", "items": [" "]}],
            "/expectations/0/statements": [{"text": ""}],
        },
        [
            (
                "/levels/0/attributes/0/items/0",
                "blank-text",
                "`attributes/0/items/0` of level:l4 is blank; write text, or delete it",
            ),
            (
                "/expectations/0/statements/0/text",
                "blank-text",
                (
                    "`text` of statement:expectation--l4--quality--statement-1 is blank; write text, or delete it"
                ),
            ),
        ],
        id="texts that must be written say something",
    ),
    pytest.param(
        {"/tracks": [], "/levels": [], "/expectations": [], "/faqs": []},
        {
            "/tracks": [],
            "/levels": [],
            "/competencies": [],
            "/facets": [],
            "/expectations": [],
            "/faqs": [],
            "/scales": [],
        },
        [("", "empty-ladder", "ladder 'acme' is empty; add tracks and levels, competencies, or pages")],
        id="a ladder has something to read",
    ),
    pytest.param(
        {"/tracks/-": {"slug": "m", "title": "M"}, "/levels/-": {"slug": "m1", "track": "m", "title": "M1"}},
        {"/tracks/-": {"slug": "m", "title": "M"}},
        [
            (
                "/tracks/1",
                "track-without-levels",
                "track 'm' has no level; add one (for a role without levels, a single level with the role's name)",
            )
        ],
        id="a track has levels",
    ),
    pytest.param(
        {
            "/scales/-": {"slug": "size", "title": "S", "steps": [{"slug": "small", "title": "S"}]},
            "/facets/1/scale": "size",
        },
        {"/scales/-": {"slug": "size", "title": "S"}},
        [
            ("/scales/1", "scale-without-steps", "scale 'size' has no steps; add them, lowest first"),
            (
                "/scales/1",
                "unused-scale",
                "no competency or facet uses scale 'size'; write it as the `scale` of one, or delete it",
            ),
        ],
        id="a scale has steps and is used",
    ),
]


@pytest.mark.parametrize(("good", "bad", "found"), _CASES)
def test_rule(good: dict[str, object], bad: dict[str, object], found: list[tuple[str, str, str]]) -> None:
    assert findings(good) == []
    assert findings(bad) == found
