"""The forms of texts in a request, and what to write where one has another: pydantic tells only the pattern."""

from collections.abc import Mapping
from typing import Any, Final

from app.rubric.text import LANGUAGE_PATTERN, SLUG_PATTERN, TARGET_PATTERN
from app.serving.releases.loaded import DRAFT

_SLUG: Final = SLUG_PATTERN.strip("^$")
_LADDER: Final = rf"{_SLUG}(?:@[a-z0-9.]+)?"
_RANK: Final = r"-?[0-9]+(?:\.[0-9]+)?"
_PART: Final = "(0|[1-9][0-9]{0,8})"

EXTERNAL_ID: Final = rf"^{_SLUG}:.+$"
LEVEL: Final = rf"^(?:{_LADDER}:)?(?:{_SLUG}|{_SLUG}/{_RANK})$"
"""A level as `from` and `to` of a comparison name it."""
SELECTOR: Final = rf"^(latest|{DRAFT}|{_PART}(\.{_PART}){{2}})$"
"""A release as `from` and `to` of a diff name it."""
SHA256: Final = r"^[0-9a-f]{64}$"
WORDS: Final = r"\S"

WANTED: Final[Mapping[str, str]] = {
    SLUG_PATTERN: "a slug: lower-case letters and digits joined by single hyphens, as in `system-design`",
    TARGET_PATTERN: "kind and slug, as in `level:l5`",
    LANGUAGE_PATTERN: "a language tag, such as `en` or `pt-BR`",
    EXTERNAL_ID: "system and id, as in `workday:JP-123`",
    LEVEL: "a level's slug, or its track and rank, as in `l5` or `management/5`; to name it in another ladder, "
    "begin with that, as in `example-engineering@1.0.0:l5`",
    SELECTOR: f"the number of a release, as in `1.2.0`, `latest` or `{DRAFT}`",
    SHA256: "a SHA-256: 64 hexadecimal digits in lower case",
    WORDS: "more than spaces",
}
"""What each pattern stands for, after the word "Write"."""


def in_words(found: Mapping[str, Any]) -> str:
    """What pydantic found wrong with one value, as a sentence that says the cure and never repeats the value."""
    if found["type"] == "string_pattern_mismatch":
        wanted = WANTED.get(found["ctx"]["pattern"])
        if wanted is not None:
            return f"Write {wanted}."
    return f"{found['msg']}."
