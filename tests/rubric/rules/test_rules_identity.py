"""Rules of identity: slugs, addresses, external ids.

Each case: edits that leave the small ladder without findings, and edits with all that they bring up.
"""

from typing import Final

import pytest

from tests.rubric.drafts import findings

_CASES: Final = [
    pytest.param(
        {"/levels/1/slug": "l6", "/expectations/1/level": "l6", "/faqs/0/about": []},
        {"/levels/-": {"slug": "l5", "track": "ic", "title": "x"}},
        [
            (
                "/levels/2/slug",
                "duplicate-slug",
                "level 'l5' already exists at /levels/1; give one of the two another slug",
            )
        ],
        id="a level slug is unique",
    ),
    pytest.param(
        {
            "/scales/-": {"slug": "size", "title": "Size", "steps": [{"slug": "novice", "title": "N"}]},
            "/competencies/1/scale": "size",
        },
        {"/scales/0/steps/-": {"slug": "novice", "title": "N"}},
        [
            (
                "/scales/0/steps/2/slug",
                "duplicate-slug",
                (
                    "step 'depth--novice' already exists at /scales/0/steps/0; give one of the two "
                    "another slug"
                ),
            )
        ],
        id="a step slug is unique within its scale only",
    ),
    pytest.param(
        {
            "/levels/0/examples": [{"slug": "e", "text": "a"}],
            "/facets/0/examples": [{"slug": "f", "text": "b"}],
        },
        {
            "/levels/0/examples": [{"slug": "e", "text": "a"}],
            "/facets/0/examples": [{"slug": "e", "text": "b"}],
        },
        [
            (
                "/facets/0/examples/0/slug",
                "duplicate-slug",
                ("example 'e' already exists at /levels/0/examples/0; give one of the two another slug"),
            )
        ],
        id="an example slug is unique wherever it hangs",
    ),
    pytest.param(
        {"/levels/0/examples": [{"text": "a"}], "/levels/1/examples": [{"text": "b"}]},
        {
            "/levels/0/examples": [{"text": "a"}],
            "/levels/-": {"slug": "l4", "track": "ic", "title": "t", "examples": [{"text": "b"}]},
        },
        [
            (
                "/levels/2/slug",
                "duplicate-slug",
                "level 'l4' already exists at /levels/0; give one of the two another slug",
            )
        ],
        id="what hangs on a duplicate is not reported again",
    ),
    pytest.param(
        {},
        {"/scales/-": {"slug": "depth", "title": "D", "steps": [{"slug": "novice", "title": "N"}]}},
        [
            (
                "/scales/1/slug",
                "duplicate-slug",
                "scale 'depth' already exists at /scales/0; give one of the two another slug",
            )
        ],
        id="a step of a duplicate scale is not reported again",
    ),
    pytest.param(
        {"/expectations/0/statements": [{"text": "a", "examples": [{"text": "b"}]}]},
        {
            "/facets/-": {"slug": "statement-1", "competency": "quality", "title": "odd"},
            "/expectations/0/statements": [{"text": "a", "examples": [{"text": "b"}]}],
            "/expectations/-": {
                "level": "l4",
                "competency": "quality",
                "facet": "statement-1",
                "examples": [{"text": "c"}],
            },
        },
        [
            (
                "/expectations/2/examples/0",
                "ambiguous-address",
                (
                    "example 'expectation--l4--quality--statement-1--example-1' has the same address as the one "
                    "at /expectations/0/statements/0/examples/0; give one of them a slug"
                ),
            )
        ],
        id="two positions never share an address",
    ),
    pytest.param(
        {
            "/tracks/0/references": [{"slug": "a", "title": "t", "url": "u"}, {"title": "t", "url": "u"}],
            "/levels/0/references": [{"slug": "a", "title": "t", "url": "u"}],
        },
        {
            "/tracks/0/references": [
                {"slug": "a", "title": "t", "url": "u"},
                {"slug": "a", "title": "t", "url": "u"},
            ]
        },
        [
            (
                "/tracks/0/references/1/slug",
                "duplicate-slug",
                "track:ic has two references 'a'; give one of them another slug",
            )
        ],
        id="a reference slug is unique within its entity",
    ),
    pytest.param(
        {
            "/levels/0/external_ids": [{"system": "workday", "id": "JP-1"}],
            "/tracks/0/external_ids": [{"system": "workday", "id": "JP-1"}],
        },
        {
            "/levels/0/external_ids": [{"system": "workday", "id": "JP-1"}],
            "/levels/1/external_ids": [{"system": "workday", "id": "JP-1"}],
        },
        [
            (
                "/levels/1/external_ids/0",
                "duplicate-external-id",
                "level:l5 has the external id 'workday:JP-1', which level:l4 also has; keep one of them",
            )
        ],
        id="an external id belongs to one entity of a kind",
    ),
]


@pytest.mark.parametrize(("good", "bad", "found"), _CASES)
def test_rule(good: dict[str, object], bad: dict[str, object], found: list[tuple[str, str, str]]) -> None:
    assert findings(good) == []
    assert findings(bad) == found
