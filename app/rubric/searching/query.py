"""Search queries: words, "phrases" and prefixes (`scal*`), parsed from any text.

There is no other syntax, so no text is an error: a character that is not part of a word separates words. Words joined
by a character (`cross-functional`, `ci/cd`) are a phrase. A result must contain every term.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from app.rubric.searching.entries import BOUND
from app.rubric.searching.stopwords import STOP_WORDS
from app.rubric.searching.words import Tokens, fold, tokens_of, words_in

TermKind = Literal["word", "phrase", "prefix"]

MOST_TERMS: Final = 16
"""Words, phrases and beginnings that are looked for at most."""
_LONGEST: Final = 2_000
"""Characters that are read."""
_SHORTEST_PREFIX: Final = 2
_QUOTED: Final = re.compile(
    '["\u201c\u201d\u201e\u00ab\u00bb]([^"\u201c\u201d\u201e\u00ab\u00bb]*)["\u201c\u201d\u201e\u00ab\u00bb]'
)
_JOINTS: Final = frozenset(("", *"-\u2010\u2011\u2013/_.'\u2019&+@"))
"""The characters that may stand between two words of one phrase."""


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that must be there."""

    text: str
    """As it was asked."""
    kind: TermKind
    tokens: tuple[tuple[str, ...], ...]
    """One way for each language: the tokens that must all be there; of a prefix, what one begins with."""

    @property
    def needles(self) -> tuple[str, ...]:
        """Return the token sequences that match this term, one for each language."""
        if self.kind == "prefix":
            return tuple(f",{beginning}" for (beginning,) in self.tokens)
        return tuple("".join(f" {token}." for token in way) for way in self.tokens)

    @property
    def shown(self) -> str:
        """As one would ask for it."""
        return {"word": "{}", "phrase": '"{}"', "prefix": "{}*"}[self.kind].format(self.text)


@dataclass(frozen=True, slots=True)
class Question:
    """All that must be there; nothing is found by one without terms."""

    terms: tuple[Term, ...]
    names: tuple[str, ...] = ()
    """The entry of a document with exactly this name, one for each language."""
    hint: str | None = None
    """The words that were not searched, and advice; None if all were searched."""


def read_question(text: str, languages: Sequence[str]) -> Question:
    """Understand what is asked. Never fails.

    Args:
        text: Whatever somebody typed.
        languages: Of the ladders that are looked through (BCP 47); each word is looked for as each of them stems it.
    """
    asked = list(_terms(text[:_LONGEST], languages))
    if not asked:
        return Question(
            (), hint='Nothing to look for: write a word, a "phrase", or the beginning of a word as scal*.'
        )
    telling = [term for term in asked if not _says_nothing(term, languages)]
    if not telling:
        quoted = f'"{asked[0].text}"'
        return Question(
            (),
            hint=f"Words as common as these are not looked for, unless they stand in quotes: {quoted}.",
        )
    terms = tuple(dict.fromkeys(telling))
    hint = None
    if len(terms) > MOST_TERMS or len(text) > _LONGEST:
        hint = f"Only the first {MOST_TERMS} words and {_LONGEST} characters were looked for."
    return Question(terms[:MOST_TERMS], _names(asked), hint)


def _terms(text: str, languages: Sequence[str]) -> Iterator[Term]:
    place = 0
    for quoted in _QUOTED.finditer(text):
        yield from _plain(text[place : quoted.start()], languages)
        yield from _phrase([word.text for word in words_in(quoted[1])], languages, quoted=True)
        place = quoted.end()
    yield from _plain(text[place:], languages)


def _plain(text: str, languages: Sequence[str]) -> Iterator[Term]:
    """Words outside of quotes; those that nothing but a joint stands between are one phrase."""
    run: list[str] = []
    end = -1
    for word in words_in(text):
        if run and text[end : word.start] not in _JOINTS:
            yield from _run(run, text[end : end + 1], languages)
            run = []
        run.append(word.text)
        end = word.end
    yield from _run(run, text[end : end + 1] if run else "", languages)


def _run(run: list[str], following: str, languages: Sequence[str]) -> Iterator[Term]:
    if following == "*" and run and len(run[-1]) >= _SHORTEST_PREFIX:
        yield from _phrase(run[:-1], languages)
        tokens = tokens_of(run[-1], languages[0] if languages else "")
        if tokens is not None:
            yield Term(run[-1], "prefix", ((tokens.whole,),))
    else:
        yield from _phrase(run, languages)


def _phrase(words: list[str], languages: Sequence[str], *, quoted: bool = False) -> Iterator[Term]:
    """Yield a phrase, or a word where it is only one."""
    ways = {tuple(token.stem for token in way): None for way in _ways(words, languages) if way}
    if ways:
        single = len(words) == 1 and not quoted
        yield Term(" ".join(words), "word" if single else "phrase", tuple(ways))


def _ways(words: list[str], languages: Sequence[str]) -> Iterator[list[Tokens]]:
    for language in languages or ("",):
        yield [tokens for word in words if (tokens := tokens_of(word, language)) is not None]


def _says_nothing(term: Term, languages: Sequence[str]) -> bool:
    if term.kind != "word":
        return False
    folded = fold(term.text)
    return any(folded in STOP_WORDS.get(language.partition("-")[0].lower(), ()) for language in languages)


def _names(asked: Sequence[Term]) -> tuple[str, ...]:
    """Return the whole query as a name, in each language; empty if it contains a prefix."""
    if any(term.kind == "prefix" for term in asked):
        return ()
    most = max(len(term.tokens) for term in asked)
    ways = ("".join(term.needles[min(way, len(term.needles) - 1)] for term in asked) for way in range(most))
    return tuple(f"{BOUND}{way}{BOUND}" for way in dict.fromkeys(ways))
