"""Rules of the ladder's own words: kinds of statements, descriptions of categories and groups.

Each case: edits that leave the small ladder without findings, and edits with all that they bring up.
"""

from typing import Final

import pytest

from tests.rubric.drafts import findings

_TASK: Final = {"slug": "task", "title": "Task", "counts_as": "asked"}
_LINE: Final = "/expectations/0/statements"

_CASES: Final = [
    pytest.param(
        {_LINE: [{"text": "Does it.", "kind": "whatever"}]},
        {_LINE: [{"text": "Does it.", "kind": "summary"}]},
        [
            (
                f"{_LINE}/0/kind",
                "reserved-kind",
                (
                    "statement:expectation--l4--quality--statement-1 has kind 'summary'; `summary` is reserved for "
                    "summaries; choose another word"
                ),
            )
        ],
        id="no statement is of the reserved kind",
    ),
    pytest.param(
        {
            "/statement_kinds": [_TASK],
            _LINE: [{"text": "A", "kind": "task"}, {"text": "B", "kind": "growth"}],
        },
        {"/statement_kinds": [_TASK], _LINE: [{"text": "Does it.", "kind": "tsak"}]},
        [
            (
                f"{_LINE}/0/kind",
                "unlisted-kind",
                (
                    "statement:expectation--l4--quality--statement-1 has kind 'tsak', which `statement_kinds` does "
                    "not list; did you mean 'task'? If not, list it"
                ),
            )
        ],
        id="a ladder that lists its kinds lists all of them",
    ),
    pytest.param(
        {"/statement_kinds": [_TASK]},
        {"/statement_kinds": [_TASK, _TASK | {"title": "Again"}, _TASK | {"slug": "summary"}]},
        [
            (
                "/statement_kinds/1/slug",
                "duplicate-slug",
                "statement kind 'task' is listed twice, first at /statement_kinds/0; keep one",
            ),
            (
                "/statement_kinds/2/slug",
                "reserved-kind",
                "a statement kind is called `summary`; `summary` is reserved for summaries; choose another word",
            ),
        ],
        id="each kind is listed once, and the reserved one never",
    ),
    pytest.param(
        {
            "/competencies/0/category": "Work",
            "/tracks/0/group": "Makers",
            "/categories": [{"slug": "work", "title": "Work", "summary": "What is made."}],
            "/groups": [{"slug": "makers", "title": "Makers"}],
        },
        {
            "/competencies/0/category": "Work",
            "/categories": [{"slug": "work", "title": "Work"}, {"slug": "labour", "title": "Work"}],
            "/groups": [{"slug": "makers", "title": "Makers"}],
        },
        [
            (
                "/categories/1/title",
                "duplicate-description",
                "category 'Work' is already described by 'work'; keep one of the two",
            ),
            (
                "/groups/0/title",
                "unused-group",
                (
                    "no track has the group 'Makers'; write the group as the track writes it, or delete this "
                    "description"
                ),
            ),
        ],
        id="a description is of a word in use, and one of each",
    ),
    pytest.param(
        {"/competencies/0/category": "Work", "/categories": [{"slug": "work", "title": "Work"}]},
        {"/competencies/0/category": "Work", "/categories": [{"slug": "work", "title": "Working"}]},
        [
            (
                "/categories/0/title",
                "unused-category",
                (
                    "no competency has the category 'Working'; write the category as the competency writes it, or "
                    "delete this description"
                ),
            )
        ],
        id="a category is described by its title",
    ),
    pytest.param(
        {
            "/removals": [
                {"kind": "level", "slug": "l6", "reason": "Split.", "successors": ["level:l4", "level:l5"]}
            ]
        },
        {
            "/removals": [
                {"kind": "level", "slug": "l6", "reason": "Split.", "successors": ["level:l4", "level:l4"]}
            ]
        },
        [
            (
                "/removals/0/successors/1",
                "duplicate-successor",
                "level 'l6' names successor 'level:l4' twice; name it once",
            )
        ],
        id="successors differ",
    ),
]


@pytest.mark.parametrize(("good", "bad", "found"), _CASES)
def test_rule(good: dict[str, object], bad: dict[str, object], found: list[tuple[str, str, str]]) -> None:
    assert findings(good) == []
    assert findings(bad) == found


def test_a_category_or_group_is_described_by_a_title_that_looks_the_same() -> None:
    composed, decomposed = "Qualit\u00e9  du code", "QUALITE\u0301 du\u00a0code"
    assert (
        findings(
            {
                "/competencies/0/category": composed,
                "/categories": [{"slug": "quality", "title": decomposed}],
                "/tracks/0/group": composed,
                "/groups": [{"slug": "quality", "title": decomposed}],
            }
        )
        == []
    )
    twice = [{"slug": "one", "title": composed}, {"slug": "two", "title": decomposed}]
    assert [
        code for _, code, _ in findings({"/competencies/0/category": composed, "/categories": twice})
    ] == ["duplicate-description"]
