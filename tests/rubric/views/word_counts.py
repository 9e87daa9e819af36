"""A toy view, as small as one can be: how many words the expectations of a level have, by competency."""

from collections import Counter
from collections.abc import Mapping

from app.rubric.index import Index


def word_counts(index: Index, level: str) -> Mapping[str, int]:
    """Return the words of the summaries of a level's own expectations, by competency."""
    counted: Counter[str] = Counter()
    for asked in index.expectations_of_level.get(level, ()):
        counted[asked.competency] += len((asked.summary or "").split())
    return counted
