"""Texts word by word: the way from one to the other, how alike they are, and which of a list went on as which."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rubric.diff.moves import out_of_order
from app.rubric.diff.pairing import pair_alike
from app.rubric.diff.word_diff import aligned, cut, edits, may_be_alike, same_words, similarity, words_of
from tests.scalars import texts

_SENTENCES = st.lists(
    st.sampled_from(["one", "two", "Two", "three,", "\u2014", "1.5", "日本", "é", " ", "\n"]), max_size=12
)
some_texts = st.one_of(texts, _SENTENCES.map(" ".join), _SENTENCES.map("".join))
word_lists = st.lists(st.sampled_from("abcd"), max_size=12)


@given(some_texts, some_texts)
def test_edits_lead_from_one_text_to_the_other(before: str, after: str) -> None:
    way = list(edits(before, after))
    assert "".join(text for op, text in way if op != "insert") == before
    assert "".join(text for op, text in way if op != "delete") == after
    assert all(text for _, text in way)
    assert all(one[0] != other[0] for one, other in pairwise(way))


def longest(one: list[str], other: list[str]) -> int:
    """Return the length of the longest common subsequence, by the textbook."""
    rows = [[0] * (len(other) + 1) for _ in range(len(one) + 1)]
    for i, word in enumerate(one):
        for j, another in enumerate(other):
            best = max(rows[i][j + 1], rows[i + 1][j])
            rows[i + 1][j + 1] = rows[i][j] + 1 if word == another else best
    return rows[-1][-1]


@given(word_lists, word_lists)
def test_the_alignment_is_the_longest_there_is(one: list[str], other: list[str]) -> None:
    pairs = aligned(one, other)
    assert len(pairs) == longest(one, other)
    assert all(one[i] == other[j] for i, j in pairs)
    assert pairs == sorted(set(pairs))
    assert len({i for i, _ in pairs}) == len({j for _, j in pairs}) == len(pairs)


@given(some_texts, some_texts)
def test_similarity_is_the_same_both_ways_and_whole_for_the_same_words(before: str, after: str) -> None:
    assert similarity(before, after) == similarity(after, before)
    assert (similarity(before, after) == 1.0) == same_words(before, after)
    one, other = words_of(before), words_of(after)
    assert may_be_alike(one, other, frozenset(other), similarity(before, after))


@pytest.mark.parametrize(
    ("before", "after", "way"),
    [
        ("", "", []),
        ("", "New.", [("insert", "New.")]),
        ("a b c", "a x c", [("equal", "a "), ("delete", "b"), ("insert", "x"), ("equal", " c")]),
        (
            "Writes code.",
            "Writes good code.",
            [("equal", "Writes "), ("insert", "good "), ("equal", "code.")],
        ),
        ("a, b", "a b", [("equal", "a"), ("delete", ","), ("equal", " b")]),
        ("The end", "the end", [("delete", "The"), ("insert", "the"), ("equal", " end")]),
        ("a  b", "a b", [("equal", "a "), ("delete", " "), ("equal", "b")]),
    ],
)
def test_the_way_is_short_and_reads_well(before: str, after: str, way: list[tuple[str, str]]) -> None:
    assert list(edits(before, after)) == way


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ()),
        (" — ...\n", ()),
        ("Leads, and follows.", ("Leads", "and", "follows")),
        ("don't re-use snake_case", ("don", "t", "re", "use", "snake", "case")),
        ("1.5 of 10,000 in 2026-03-31", ("1.5", "of", "10,000", "in", "2026-03-31")),
        ("C++ and C#, 5 %", ("C", "+", "+", "and", "C", "#", "5", "%")),
        ("cafe\u0301 na\u00efve", ("cafe\u0301", "na\u00efve")),
        ("\u0915\u093f\u0924\u093e\u092c", ("\u0915\u093f\u0924\u093e\u092c",)),
        ("\u65e5\u672c\u8a9eL5", ("\u65e5", "\u672c", "\u8a9e", "L5")),
        ("ok \U0001f600", ("ok", "\U0001f600")),
    ],
)
def test_a_text_is_cut_at_its_words(text: str, words: tuple[str, ...]) -> None:
    assert cut(text).words == words


@pytest.mark.parametrize(
    ("before", "after", "same"),
    [
        ("Writes code.", "writes  CODE!", True),
        ("cafe\u0301", "CAF\u00c9", True),
        ("stra\u00dfe", "STRASSE", True),
        ("", " \n", True),
        ("1.5 years", "1-5 years", False),
        ("C", "C++", False),
        ("5", "5 %", False),
        ("\u0915\u093e", "\u0915\u093f", False),
        ("nowhere", "now here", False),
    ],
)
def test_only_case_punctuation_and_spacing_count_for_nothing(before: str, after: str, *, same: bool) -> None:
    assert same_words(before, after) is same


def test_texts_beyond_all_measure_are_taken_as_rewritten_between_their_ends() -> None:
    before = " ".join(["start", *(f"a{place} both" for place in range(5000)), "end"])
    after = " ".join(["start", *(f"b{place} both" for place in range(5000)), "end"])
    assert [op for op, _ in edits(before, after)] == ["equal", "delete", "insert", "equal"]


@given(st.lists(some_texts, max_size=5), st.lists(some_texts, max_size=5))
def test_texts_are_paired_the_same_way_in_both_directions(before: list[str], after: list[str]) -> None:
    there, back = pair_alike(before, after), pair_alike(after, before)
    assert len({i for i, _ in there}) == len({j for _, j in there}) == len(there) == len(back)
    assert all(before[i] == after[j] or similarity(before[i], after[j]) >= 0.5 for i, j in there)


def test_the_same_text_is_paired_before_one_that_is_like_it() -> None:
    before = ["Writes tests for code.", "Writes tests."]
    after = ["Writes tests.", "Writes many tests for code."]
    assert sorted(pair_alike(before, after)) == [(0, 1), (1, 0)]


def test_equal_texts_are_paired_in_order() -> None:
    assert pair_alike(["x", "y", "x"], ["x", "x"]) == [(0, 0), (2, 1)]


def test_what_may_not_be_paired_is_not() -> None:
    assert pair_alike(["x"], ["x"], lambda _i, _j: False) == []


@given(st.permutations(range(7)))
def test_what_is_out_of_order_is_the_least_there_is(order: list[int]) -> None:
    astray = out_of_order(order)
    rest = [place for index, place in enumerate(order) if index not in astray]
    assert rest == sorted(rest)
    best = max(
        len(kept)
        for mask in range(128)
        if (kept := [place for index, place in enumerate(order) if mask >> index & 1]) == sorted(kept)
    )
    assert len(rest) == best


@given(st.text(st.characters(max_codepoint=127)))
def test_the_words_of_a_plain_text_are_those_of_its_parts(text: str) -> None:
    assert words_of(text) == cut(text).folded
