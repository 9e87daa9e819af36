"""Spelling suggestions for a search without results: similar words among titles whose words begin alike."""

from collections.abc import Callable, Iterable
from typing import Final

from app.rubric.searching.query import Question, Term
from app.rubric.searching.words import fold, tokens_of, words_in
from app.rubric.suggest import nearest

_MOST_TERMS: Final = 4
_BEGINNING: Final = 3
"""Letters that are taken to be right; of short words, one less."""


def respelled(question: Question, titles: Callable[[Question], Iterable[str]]) -> str | None:
    """Return the question with unknown words replaced by the most similar words of titles, or None if there are none.

    Args:
        question: What nothing was found for.
        titles: Gives what the hits of a question are called.
    """
    said = []
    for term in question.terms[:_MOST_TERMS]:
        near = _near(term, titles) if term.kind == "word" else None
        said.append(near or term.shown)
    if len(question.terms) > _MOST_TERMS or said == [term.shown for term in question.terms]:
        return None
    return " ".join(said)


def _near(term: Term, titles: Callable[[Question], Iterable[str]]) -> str | None:
    folded = fold(term.text)
    beginning = folded[: _BEGINNING if len(folded) > _BEGINNING + 1 else _BEGINNING - 1]
    tokens = tokens_of(beginning, "")
    if tokens is None:
        return None
    alike = Question((Term(beginning, "prefix", ((tokens.whole,),)),))
    written: dict[str, set[str]] = {}
    for title in titles(alike):
        for word in words_in(title):
            written.setdefault(fold(word.text), set()).add(word.text)
    near = nearest(folded, written, limit=1)
    return max(written[near[0]]) if near and near[0] != folded else None
