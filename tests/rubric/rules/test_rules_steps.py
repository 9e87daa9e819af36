"""Rules of steps: each is one of the scale that applies.

Each case: edits that leave the small ladder without findings, and edits with all that they bring up.
"""

from typing import Final

import pytest

from tests.rubric.drafts import findings

_CASES: Final = [
    pytest.param(
        {
            "/competencies/1/scale": "depth",
            "/expectations/-": {"level": "l4", "competency": "delivery", "facet": "pace", "step": "novice"},
        },
        {"/expectations/-": {"level": "l4", "competency": "delivery", "facet": "pace", "step": "novice"}},
        [
            (
                "/expectations/2/step",
                "step-without-scale",
                (
                    "expectation 'l4--delivery--pace' names step 'novice', but has no scale; give competency "
                    "'delivery' a `scale`, or delete the step"
                ),
            )
        ],
        id="a step is asked where a scale applies",
    ),
    pytest.param(
        {"/expectations/0/step": "expert"},
        {"/expectations/0/step": "novize"},
        [
            (
                "/expectations/0/step",
                "unknown-step",
                (
                    "expectation 'l4--quality' names step 'novize' of scale 'depth', which does not exist; "
                    "did you mean 'novice'? If not, use one of its steps, or add it"
                ),
            )
        ],
        id="a step is one of its scale",
    ),
    pytest.param(
        {},
        {"/scales/0/steps/0/formerly": ["beginner"], "/expectations/0/step": "beginner"},
        [
            (
                "/expectations/0/step",
                "unknown-step",
                (
                    "expectation 'l4--quality' names step 'beginner' of scale 'depth', which was renamed to "
                    "'novice'; write the new slug"
                ),
            )
        ],
        id="a renamed step is named by its slug of today",
    ),
    pytest.param(
        {
            "/scales/-": {"slug": "size", "title": "S", "steps": [{"slug": "small", "title": "S"}]},
            "/facets/0/scale": "size",
            "/expectations/-": {"level": "l4", "competency": "quality", "facet": "testing", "step": "small"},
        },
        {
            "/scales/-": {"slug": "size", "title": "S", "steps": [{"slug": "small", "title": "S"}]},
            "/facets/0/scale": "size",
            "/expectations/-": {"level": "l4", "competency": "quality", "facet": "testing", "step": "novice"},
        },
        [
            (
                "/expectations/2/step",
                "unknown-step",
                (
                    "expectation 'l4--quality--testing' names step 'novice' of scale 'size', which does not "
                    "exist; use one of its steps, or add it"
                ),
            )
        ],
        id="a facet's own scale comes before its competency's",
    ),
    pytest.param(
        {
            "/competencies/0/proficiencies": [{"step": "novice"}, {"step": "expert"}],
            "/facets/0/proficiencies": [{"step": "novice"}],
        },
        {
            "/competencies/0/proficiencies": [{"step": "novice"}, {"step": "novice"}, {"step": "master"}],
            "/facets/1/proficiencies": [{"step": "novice"}],
        },
        [
            (
                "/competencies/0/proficiencies/1/step",
                "duplicate-proficiency",
                "competency 'quality' describes step 'novice' twice; merge the two",
            ),
            (
                "/competencies/0/proficiencies/2/step",
                "unknown-step",
                (
                    "competency 'quality' names step 'master' of scale 'depth', which does not exist; use one "
                    "of its steps, or add it"
                ),
            ),
            (
                "/facets/1/proficiencies/0/step",
                "step-without-scale",
                (
                    "facet 'pace' names step 'novice', but has no scale; give competency 'delivery' a `scale`, "
                    "or delete the step"
                ),
            ),
        ],
        id="a proficiency names a step, each once",
    ),
]


@pytest.mark.parametrize(("good", "bad", "found"), _CASES)
def test_rule(good: dict[str, object], bad: dict[str, object], found: list[tuple[str, str, str]]) -> None:
    assert findings(good) == []
    assert findings(bad) == found
