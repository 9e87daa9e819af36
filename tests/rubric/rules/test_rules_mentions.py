"""Rules of mention: `about`, alignments and successors.

Each case: edits that leave the small ladder without findings, and edits with all that they bring up.
"""

from typing import Final

import pytest

from tests.rubric.drafts import findings

_CASES: Final = [
    pytest.param(
        {"/faqs/0/about": ["level:l5", "expectation:l4--quality", "ladder:acme", "step:depth--novice"]},
        {"/faqs/0/about": ["level:l6", "levels:l5", "level:l5", "level:l5"]},
        [
            (
                "/faqs/0/about/0",
                "unknown-entity",
                (
                    "faq:how-long is about 'level:l6', which does not exist; did you mean 'level:l4' or "
                    "'level:l5'? If not, name an entity of this ladder"
                ),
            ),
            (
                "/faqs/0/about/1",
                "unknown-kind",
                (
                    "faq:how-long is about 'levels:l5', which has an unknown kind; did you mean 'level'? If not, "
                    "use one of ladder, track, level, scale, step, competency, facet, expectation, "
                    "proficiency, statement, example, faq, tip, page, category, group"
                ),
            ),
            ("/faqs/0/about/3", "duplicate-about", "faq:how-long is about 'level:l5' twice; name it once"),
        ],
        id="guidance is about what is there, each once",
    ),
    pytest.param(
        {"/levels/1/formerly": ["l6"], "/faqs/0/about": ["expectation:l5--quality"]},
        {"/levels/1/formerly": ["l6"], "/faqs/0/about": ["expectation:l6--quality"]},
        [
            (
                "/faqs/0/about/0",
                "unknown-entity",
                (
                    "faq:how-long is about 'expectation:l6--quality', which was renamed to 'expectation:l5--"
                    "quality'; write the new slug"
                ),
            )
        ],
        id="what is renamed is mentioned by its name of today",
    ),
    pytest.param(
        {
            "/levels/0/alignments": [
                {"match": "exact", "uri": "urn:u"},
                {"match": "close", "framework": "SFIA", "title": "Level 4"},
                {"match": "broader", "entity": "level:l9", "ladder": "other"},
            ]
        },
        {"/levels/0/alignments": [{"match": "exact"}, {"match": "exact", "ladder": "other", "uri": "urn:u"}]},
        [
            (
                "/levels/0/alignments/0",
                "alignment-names-nothing",
                "an alignment of level:l4 names nothing; write an `entity`, `uri` or `framework`",
            ),
            (
                "/levels/0/alignments/1/ladder",
                "alignment-ladder-without-entity",
                (
                    "an alignment of level:l4 names ladder 'other' but no entity; write the `entity`,"
                    " such as `ladder:other` for the ladder as a whole"
                ),
            ),
        ],
        id="an alignment says what matches",
    ),
    pytest.param(
        {
            "/levels/0/alignments": [
                {"match": "narrower", "entity": "level:l5"},
                {"match": "narrower", "entity": "level:l5", "ladder": "acme"},
            ]
        },
        {
            "/levels/0/alignments": [
                {"match": "exact", "entity": "level:l55"},
                {"match": "exact", "entity": "level:l55", "ladder": "acme"},
            ]
        },
        [
            (
                "/levels/0/alignments/0/entity",
                "unknown-entity",
                (
                    "level:l4 is aligned with 'level:l55', which does not exist; did you mean 'level:l5'? "
                    "If not, name an entity of this ladder"
                ),
            ),
            (
                "/levels/0/alignments/1/entity",
                "unknown-entity",
                (
                    "level:l4 is aligned with 'level:l55', which does not exist; did you mean 'level:l5'? "
                    "If not, name an entity of this ladder"
                ),
            ),
        ],
        id="an alignment with this ladder names what is there",
    ),
    pytest.param(
        {},
        {"/levels/0/alignments": [{"match": "exact", "entity": "lvl:l9", "ladder": "other"}]},
        [
            (
                "/levels/0/alignments/0/entity",
                "unknown-kind",
                (
                    "level:l4 is aligned with 'lvl:l9', which has an unknown kind; use one of ladder, track, "
                    "level, scale, step, competency, facet, expectation, proficiency, statement, example,"
                    " faq, tip, page, category, group"
                ),
            )
        ],
        id="an alignment names a known kind of another ladder too",
    ),
    pytest.param(
        {},
        {"/levels/0/alignments": [{"match": "exact", "entity": "level:l4"}]},
        [
            (
                "/levels/0/alignments/0/entity",
                "alignment-to-itself",
                "level:l4 is aligned with itself; name another entity, or delete the alignment",
            )
        ],
        id="an alignment is with something else",
    ),
    pytest.param(
        {"/removals": [{"kind": "level", "slug": "l6", "reason": "r", "successor": "level:l5"}]},
        {"/removals": [{"kind": "level", "slug": "l6", "reason": "r", "successor": "level:l55"}]},
        [
            (
                "/removals/0/successor",
                "unknown-entity",
                (
                    "the successor of level 'l6' is 'level:l55', which does not exist; did you mean "
                    "'level:l5'? If not, name an entity of this ladder"
                ),
            )
        ],
        id="a successor is there",
    ),
]


@pytest.mark.parametrize(("good", "bad", "found"), _CASES)
def test_rule(good: dict[str, object], bad: dict[str, object], found: list[tuple[str, str, str]]) -> None:
    assert findings(good) == []
    assert findings(bad) == found
