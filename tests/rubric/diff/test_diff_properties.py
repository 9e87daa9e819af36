"""The diff of any two ladders: empty exactly where nothing differs, and the same both ways."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from app.rubric.canonical import canonical, content_sha256, plain
from app.rubric.diff import RULES, Diff, diff
from app.rubric.index import Index
from app.rubric.ladder import Ladder
from tests.strategies import ladders

_LISTS = ("tracks", "levels", "scales", "competencies", "facets", "expectations", "faqs", "tips", "pages")


def between(before: Ladder, after: Ladder) -> Diff:
    return diff(Index.of(before), Index.of(after))


@st.composite
def edited(draw: st.DrawFn) -> tuple[Ladder, Ladder]:
    """Return a ladder and an edit of it: lists in another order, shorter, or from another ladder."""
    one, other = draw(ladders()), plain(draw(ladders()))
    content = plain(one)
    for name in draw(st.sets(st.sampled_from([*_LISTS, "translations", "removals", "references"]))):
        items = content.get(name, [])
        assert isinstance(items, list)
        content[name] = draw(
            st.one_of(
                st.permutations(items),
                st.just(items[1:]),
                st.just(other.get(name, [])),
                st.just([*items[:1], *items]),
            )
        )
    for name in draw(
        st.sets(st.sampled_from(["title", "summary", "licence", "cumulative", "formerly", "slug"]))
    ):
        content.pop(name, None)
        if name in other:
            content[name] = other[name]
    return one, Ladder.model_validate({"title": "T", **content})


pairs = st.one_of(st.tuples(ladders(), ladders()), edited())


@given(ladders())
def test_nothing_differs_from_itself(ladder: Ladder) -> None:
    found = between(ladder, Ladder.model_validate(plain(ladder)))
    assert (found.changes, found.least_bump, found.counts.total_count) == ((), None, 0)


@given(pairs)
def test_the_diff_is_empty_exactly_where_the_content_hash_is_the_same(pair: tuple[Ladder, Ladder]) -> None:
    same = len({content_sha256(canonical(ladder)) for ladder in pair}) == 1
    assert (between(*pair).changes == ()) is same


@given(pairs)
def test_exchanging_the_two_exchanges_added_and_removed(pair: tuple[Ladder, Ladder]) -> None:
    there, back = between(*pair), between(*pair[::-1])

    def told(found: Diff, action: str) -> Counter[tuple[str, str]]:
        return Counter((change.target, change.kind) for change in found.changes if action in change.actions)

    assert told(there, "added") == told(back, "removed")
    assert told(there, "removed") == told(back, "added")
    renamed, again = told(there, "renamed"), told(back, "renamed")
    assert renamed.total() == again.total()


@given(pairs)
def test_changes_are_ordered_and_say_why(pair: tuple[Ladder, Ladder]) -> None:
    found = between(*pair)
    for change in found.changes:
        assert RULES[change.rule] == change.impact
        rules = [field.rule for field in change.fields if field.rule is not None]
        assert {RULES[rule] for rule in rules} <= set(RULES.values())
        whole = set(change.actions) & {"added", "removed"}
        assert (len(change.actions) == 1 and not rules) if whole else bool(change.actions)
    assert found.counts.total_count == len(found.changes) == sum(found.counts.by_impact.values())


@given(pairs)
def test_words_lead_from_the_text_before_to_the_text_now(pair: tuple[Ladder, Ladder]) -> None:
    for change in between(*pair).changes:
        for field in change.in_words().fields:
            if field.words:
                before = "".join(edit.text for edit in field.words if edit.op != "insert")
                after = "".join(edit.text for edit in field.words if edit.op != "delete")
                assert (before, after) == (field.before, field.after)
