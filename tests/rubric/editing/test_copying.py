"""Copies of ladders: the same content under another name, without the history of the original."""

from app.rubric.editing import copy_as
from app.rubric.ladder import Ladder
from app.rubric.rules import check
from tests.rubric.drafts import draft

ORIGINAL = draft(
    {
        "/levels/0/formerly": ["old"],
        "/levels/0/external_ids": [{"system": "workday", "id": "JP-1"}],
        "/formerly": ["before"],
        "/removals": [{"kind": "level", "slug": "gone", "reason": "Gone."}],
        "/translations": [{"entity": "ladder:acme", "field": "title", "language": "de", "text": "Leiter"}],
    }
)


def test_a_copy_has_all_content_and_none_of_the_history() -> None:
    copy = copy_as(ORIGINAL, "beta", "Beta", None)
    first = copy.levels[0]
    assert (copy.slug, copy.title, copy.organisation, copy.formerly, copy.removals) == (
        "beta",
        "Beta",
        None,
        (),
        (),
    )
    assert (first.formerly, first.external_ids) == ((), ())
    assert copy.levels[1:] == ORIGINAL.levels[1:]
    assert copy.expectations == ORIGINAL.expectations


def test_mentions_of_the_ladder_itself_follow_its_name() -> None:
    copy = copy_as(ORIGINAL, "beta", "Beta", None)
    assert [one.entity for one in copy.translations] == ["ladder:beta"]


def test_a_copy_of_a_valid_ladder_is_valid() -> None:
    assert not [one for one in check(copy_as(draft({}), "beta", "Beta", None)) if one.severity == "error"]
    assert isinstance(copy_as(draft({}), "beta", "Beta", None), Ladder)
