"""Rules of what was: former slugs and removals.

Each case: edits that leave the small ladder without findings, and edits with all that they bring up.
"""

from typing import Final

import pytest

from tests.rubric.drafts import findings

_CASES: Final = [
    pytest.param(
        {"/levels/0/formerly": ["l3"], "/facets/0/formerly": ["quality"]},
        {"/levels/0/formerly": ["l5"]},
        [
            (
                "/levels/0/formerly/0",
                "former-slug-in-use",
                (
                    "level:l4 cannot have been 'l5', which is the slug of level:l5 today; give level:l5 another "
                    "slug, or, if level:l4 was never published as 'l5', take it out of `formerly`"
                ),
            )
        ],
        id="a former slug is not another entity's today",
    ),
    pytest.param(
        {"/levels/0/formerly": ["l4", "l3"]},
        {"/levels/0/formerly": ["l3", "l4"]},
        [
            (
                "/levels/0/formerly/1",
                "former-slug-in-use",
                "'l4' is the slug of level:l4 today; take it out of `formerly`",
            )
        ],
        id="a slug that came back is not the last of the earlier ones",
    ),
    pytest.param(
        {"/levels/0/formerly": ["l2", "l3"]},
        {"/levels/0/formerly": ["l3", "l3"]},
        [
            (
                "/levels/0/formerly/1",
                "duplicate-former-slug",
                "'l3' is already a former slug of level:l4; keep it in one place",
            )
        ],
        id="a former slug is written once",
    ),
    pytest.param(
        {"/levels/0/formerly": ["l2"], "/levels/1/formerly": ["l3"]},
        {"/levels/0/formerly": ["l3"], "/levels/1/formerly": ["l3"]},
        [
            (
                "/levels/1/formerly/0",
                "duplicate-former-slug",
                "'l3' is already a former slug of level:l4; keep it in one place",
            )
        ],
        id="a former slug was one entity's alone",
    ),
    pytest.param(
        {"/scales/0/steps/1/formerly": ["master"]},
        {"/scales/0/steps/1/formerly": ["novice"]},
        [
            (
                "/scales/0/steps/1/formerly/0",
                "former-slug-in-use",
                (
                    "step:depth--expert cannot have been 'novice', which is the slug of step:depth--novice today; "
                    "give step:depth--novice another slug, or, if step:depth--expert was never published as "
                    "'novice', take it out of `formerly`"
                ),
            )
        ],
        id="an earlier step slug is not another step's of the scale",
    ),
    pytest.param(
        {"/levels/0/examples": [{"slug": "e", "text": "a", "formerly": ["b"]}]},
        {"/levels/0/examples": [{"text": "a", "formerly": ["b"]}]},
        [
            (
                "/levels/0/examples/0/formerly",
                "former-slug-without-slug",
                (
                    "example:level--l4--example-1 lists former slugs but has no slug; give it a slug, or delete them"
                ),
            )
        ],
        id="former slugs need a slug",
    ),
    pytest.param(
        {"/formerly": ["acme-old"]},
        {"/formerly": ["acme"]},
        [
            (
                "/formerly/0",
                "former-slug-in-use",
                "'acme' is the slug of ladder:acme today; take it out of `formerly`",
            )
        ],
        id="the ladder's own former slugs are not its slug",
    ),
    pytest.param(
        {"/removals": [{"kind": "level", "slug": "l3", "reason": "r"}]},
        {"/removals": [{"kind": "levle", "slug": "l3", "reason": "r"}]},
        [
            (
                "/removals/0/kind",
                "unknown-kind",
                (
                    "'levle' is not a kind that can be removed; did you mean 'level'? If not, use one of "
                    "track, level, scale, step, competency, facet, expectation, proficiency, statement, "
                    "example, faq, tip, page, category, group"
                ),
            )
        ],
        id="a removal is of a known kind",
    ),
    pytest.param(
        {},
        {"/removals": [{"kind": "level", "slug": "L3", "reason": "r"}]},
        [
            (
                "/removals/0/slug",
                "removal-address",
                (
                    "'L3' cannot be the slug of a level; write lower-case letters and digits, "
                    "joined by single hyphens"
                ),
            )
        ],
        id="a removal names one slug",
    ),
    pytest.param(
        {
            "/removals": [
                {"kind": "expectation", "slug": "l3--quality", "reason": "r"},
                {"kind": "expectation", "slug": "l3--quality--testing", "reason": "r"},
                {"kind": "step", "slug": "depth--adept", "reason": "r"},
            ]
        },
        {"/removals": [{"kind": "expectation", "slug": "l3", "reason": "r"}]},
        [
            (
                "/removals/0/slug",
                "removal-address",
                (
                    "'l3' cannot be the slug of a expectation; write `level--competency` or "
                    "`level--competency--facet`"
                ),
            )
        ],
        id="a removed expectation is named by its parts",
    ),
    pytest.param(
        {},
        {"/removals": [{"kind": "level", "slug": "l5", "reason": "r"}]},
        [
            (
                "/removals/0/slug",
                "removal-of-live",
                "level 'l5' has a removal but still exists; delete the removal, or the level",
            )
        ],
        id="what is removed is not there",
    ),
    pytest.param(
        {"/levels/1/formerly": ["l6"]},
        {
            "/levels/1/formerly": ["l6"],
            "/removals": [
                {"kind": "level", "slug": "l6", "reason": "r"},
                {"kind": "expectation", "slug": "l6--quality", "reason": "r"},
            ],
        },
        [
            (
                "/removals/0/slug",
                "removal-of-renamed",
                (
                    "level 'l6' has a removal, but level:l5 lists it as a former slug; keep the removal or the"
                    " former slug, not both"
                ),
            ),
            (
                "/removals/1/slug",
                "removal-of-renamed",
                (
                    "expectation 'l6--quality' has a removal, but expectation:l5--quality lists it as a "
                    "former slug; keep the removal or the former slug, not both"
                ),
            ),
        ],
        id="what is renamed is not removed",
    ),
    pytest.param(
        {
            "/removals": [
                {"kind": "level", "slug": "l6", "reason": "r"},
                {"kind": "track", "slug": "l6", "reason": "r"},
            ]
        },
        {
            "/removals": [
                {"kind": "level", "slug": "l6", "reason": "r"},
                {"kind": "level", "slug": "l6", "reason": "r"},
            ]
        },
        [("/removals/1", "duplicate-removal", "level 'l6' is removed twice; keep one of the two")],
        id="an entity is removed once",
    ),
]


@pytest.mark.parametrize(("good", "bad", "found"), _CASES)
def test_rule(good: dict[str, object], bad: dict[str, object], found: list[tuple[str, str, str]]) -> None:
    assert findings(good) == []
    assert findings(bad) == found
