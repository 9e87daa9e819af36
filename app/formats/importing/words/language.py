"""The language of sheets, guessed from their letters and small words."""

from collections import Counter
from collections.abc import Iterable
from typing import Final

from app.formats.importing.words.vocabulary import plain
from app.rubric.searching.stopwords import STOP_WORDS

_SCRIPTS: Final = (
    ("ko", 0xAC00, 0xD7A3),
    ("ja", 0x3041, 0x30FF),
    ("zh", 0x4E00, 0x9FFF),
    ("ar", 0x0600, 0x06FF),
    ("he", 0x0590, 0x05FF),
    ("ru", 0x0400, 0x04FF),
    ("el", 0x0370, 0x03FF),
    ("th", 0x0E00, 0x0E7F),
    ("hi", 0x0900, 0x097F),
)
"""Languages by the range of their letters. Japanese comes before Chinese, whose letters it has too."""
_SHARE: Final = 0.3
_ENOUGH: Final = 100_000
"""The number of characters that decide."""


def guess_language(texts: Iterable[str]) -> str:
    """Return the tag of the language that texts are most likely written in; `en` if nothing speaks for another."""
    sample, length = [], 0
    for text in texts:
        sample.append(text)
        length += len(text)
        if length > _ENOUGH:
            break
    joined = " ".join(sample)
    letters = [ord(letter) for letter in joined if letter.isalpha()]
    for language, first, last in _SCRIPTS:
        if letters and sum(first <= letter <= last for letter in letters) > _SHARE * len(letters):
            return language
    words = Counter(plain(joined[:_ENOUGH]).split())
    counts = {
        language: sum(words[word] for word in known if not _shared(word))
        for language, known in STOP_WORDS.items()
    }
    best = max(counts, key=lambda language: counts[language])
    return best if counts[best] else "en"


def _shared(word: str) -> bool:
    """Return whether a small word belongs to several languages."""
    return sum(word in known for known in STOP_WORDS.values()) > 1
