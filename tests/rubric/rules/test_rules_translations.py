"""Rules of translation: a text that is there, in another language, once.

Each case: edits that leave the small ladder without findings, and edits with all that they bring up.
"""

from typing import Final

import pytest

from tests.rubric.drafts import findings

_STATEMENT: Final = "statement:expectation--l4--quality--statement"


def _made_from(source: str, number: int) -> dict[str, object]:
    place = {"entity": f"{_STATEMENT}-{number}", "field": "text"}
    return {**place, "language": "de", "text": "x", "source": source}


def _reach(source: str) -> dict[str, object]:
    place = {"entity": "level:l5", "field": "attributes/0/items/0"}
    return {**place, "language": "de", "text": "x", "source": source}


_CASES: Final = [
    pytest.param(
        {
            "/translations": [
                {"entity": "level:l5", "field": "title", "language": "de", "text": "x"},
                {"entity": "ladder:acme", "field": "title", "language": "de", "text": "x"},
            ]
        },
        {"/translations": [{"entity": "level:l6", "field": "title", "language": "de", "text": "x"}]},
        [
            (
                "/translations/0/entity",
                "unknown-entity",
                (
                    "a translation is of 'level:l6', which does not exist; did you mean 'level:l4' or "
                    "'level:l5'? If not, name an entity of this ladder"
                ),
            )
        ],
        id="a translation is of an entity that is there",
    ),
    pytest.param(
        {
            "/levels/1/attributes": [{"title": "Reach", "items": ["team"]}],
            "/translations": [
                {"entity": "level:l5", "field": "attributes/0/items/0", "language": "de", "text": "x"}
            ],
        },
        {
            "/translations": [
                {"entity": "level:l5", "field": "titel", "language": "de", "text": "x"},
                {"entity": "level:l5", "field": "summary", "language": "de", "text": "x"},
                {"entity": "level:l5", "field": "slug", "language": "de", "text": "x"},
                {"entity": "level:l5", "field": "title/0", "language": "de", "text": "x"},
            ]
        },
        [
            (
                "/translations/0/field",
                "translation-field",
                (
                    "level:l5 has no text at `titel`; did you mean 'title'? If not, use one of its texts: title"
                ),
            ),
            (
                "/translations/1/field",
                "translation-field",
                "level:l5 has no text at `summary`; write it in the ladder's own language first",
            ),
            (
                "/translations/2/field",
                "translation-field",
                "level:l5 has no text at `slug`; use one of its texts: title",
            ),
            (
                "/translations/3/field",
                "translation-field",
                "level:l5 has no text at `title/0`; write it in the ladder's own language first",
            ),
        ],
        id="a translation is of a text that is there",
    ),
    pytest.param(
        {
            "/translations": [
                {"entity": "step:depth--novice", "field": "title", "language": "de", "text": "x"}
            ]
        },
        {
            "/translations": [
                {"entity": "scale:depth", "field": "steps/0/title", "language": "de", "text": "x"}
            ]
        },
        [
            (
                "/translations/0/field",
                "translation-field",
                ("scale:depth has no text at `steps/0/title`; name the inner entity by its own `kind:slug`"),
            )
        ],
        id="a text of an inner entity is translated under its own name",
    ),
    pytest.param(
        {},
        {
            "/translations": [
                {"entity": "ladder:acme", "field": "translations/0/text", "language": "de", "text": "x"}
            ]
        },
        [
            (
                "/translations/0/field",
                "translation-field",
                "ladder:acme has no text at `translations/0/text`; use one of its texts: title",
            )
        ],
        id="a translation is not translated",
    ),
    pytest.param(
        {"/translations": [{"entity": "level:l5", "field": "title", "language": "en-GB", "text": "x"}]},
        {"/translations": [{"entity": "level:l5", "field": "title", "language": "EN", "text": "x"}]},
        [
            (
                "/translations/0/language",
                "translation-same-language",
                ("the ladder itself is written in 'en'; write the text in level:l5, or correct the language"),
            )
        ],
        id="a translation is into another language",
    ),
    pytest.param(
        {
            "/translations": [
                {"entity": "level:l5", "field": "title", "language": "de", "text": "x"},
                {"entity": "level:l5", "field": "title", "language": "fr", "text": "x"},
            ]
        },
        {
            "/translations": [
                {"entity": "level:l5", "field": "title", "language": "de", "text": "x"},
                {"entity": "level:l5", "field": "title", "language": "DE", "text": "x"},
            ]
        },
        [
            (
                "/translations/1",
                "duplicate-translation",
                "`title` of level:l5 already has a translation into 'DE' at /translations/0; keep one of the two",
            )
        ],
        id="a text is translated once into a language",
    ),
    pytest.param(
        {
            "/translations": [
                {
                    "entity": "level:l5",
                    "field": "title",
                    "language": "de",
                    "text": "x",
                    "source": "Senior engineer",
                },
            ]
        },
        {
            "/translations": [
                {"entity": "level:l5", "field": "title", "language": "de", "text": "x", "source": "Expert"},
            ]
        },
        [
            (
                "/translations/0/source",
                "stale-translation",
                (
                    "`title` of level:l5 has changed since it was translated; "
                    "check the translation, then write the present text in `source`"
                ),
            )
        ],
        id="a translation was made from the present text",
    ),
    pytest.param(
        {
            "/expectations/0/statements": [{"text": "A."}, {"text": "B."}],
            "/levels/1/attributes": [{"title": "Reach", "items": ["team"]}],
            "/translations": [_made_from("A.", 1), _made_from("B.", 2), _reach("team")],
        },
        {
            "/expectations/0/statements": [{"text": "Z."}, {"text": "A."}, {"text": "B."}],
            "/levels/1/attributes": [{"title": "Reach", "items": ["group", "team"]}],
            "/translations": [_made_from("A.", 1), _made_from("B.", 2), _reach("team")],
        },
        [
            (
                f"/translations/{place}",
                "misplaced-translation",
                (
                    f"the translation was made from a text that is now {now}; "
                    "move the translation there, and translate the text that it belongs to now"
                ),
            )
            for place, now in enumerate(
                [
                    f"`text` of {_STATEMENT}-2",
                    f"`text` of {_STATEMENT}-3",
                    "`attributes/0/items/1` of level:l5",
                ]
            )
        ],
        id="a translation stays with its text when positions shift",
    ),
]


@pytest.mark.parametrize(("good", "bad", "found"), _CASES)
def test_rule(good: dict[str, object], bad: dict[str, object], found: list[tuple[str, str, str]]) -> None:
    assert findings(good) == []
    assert findings(bad) == found
