"""Patterns of texts in a request, and their descriptions for error messages."""

from collections.abc import Mapping
from typing import Any, Final

from app import validation
from app.rubric.text import LANGUAGE_PATTERN, SLUG_PATTERN, TARGET_PATTERN
from app.serving.releases.loaded_releases import DRAFT

_SLUG: Final = SLUG_PATTERN.strip("^$")
_LADDER: Final = rf"{_SLUG}(?:@[a-z0-9.]+)?"
_RANK: Final = r"-?[0-9]+(?:\.[0-9]+)?"
_PART: Final = "(0|[1-9][0-9]{0,8})"

EXTERNAL_ID: Final = rf"^{_SLUG}:.+$"
LEVEL: Final = rf"^(?:{_LADDER}:)?(?:{_SLUG}|{_SLUG}/{_RANK})$"
"""A level in `from` and `to` of a comparison."""
SELECTOR: Final = rf"^(latest|{DRAFT}|{_PART}(\.{_PART}){{2}})$"
"""A release in `from` and `to` of a diff."""
LADDER: Final = rf"^{_SLUG}(@(latest|{DRAFT}|{_PART}(\.{_PART}){{2}}))?$"
"""A ladder in a path, with or without a release."""
DRAFT_LADDER: Final = rf"^{_SLUG}@{DRAFT}$"
"""A ladder in a path, with its draft."""
_TARGET: Final = TARGET_PATTERN.strip("^$")
TARGETS: Final = rf"^{_TARGET}(?:,{_TARGET})*$"
"""Several entities of the same ladder, separated by commas."""
SHA256: Final = r"^[0-9a-f]{64}$"
WORDS: Final = r"\S"
ISSUER: Final = r"^https?://[^\s?#]+$"

WANTED: Final[Mapping[str, str]] = {
    SLUG_PATTERN: "a slug: lower-case letters and digits, joined by single hyphens, such as `system-design`",
    TARGET_PATTERN: "a kind and a slug, such as `level:l5`",
    TARGETS: "kinds and slugs, separated by commas, such as `level:l4,level:l5`",
    LANGUAGE_PATTERN: "a language tag, such as `en` or `pt-BR`",
    EXTERNAL_ID: "a system and an id, such as `workday:JP-123`",
    LEVEL: "a level's slug or its track and rank, such as `l5` or `management/5`. For a level of another ladder, put "
    "the ladder in front, such as `example-engineering@1.0.0:l5`",
    SELECTOR: f"a release number such as `1.2.0`, `latest` or `{DRAFT}`",
    SHA256: "a SHA-256: 64 lower-case hexadecimal digits",
    ISSUER: "the URL of an issuer without a query, such as `https://login.example.com`",
    WORDS: "at least one character that is not a space",
}
"""A description of each pattern, to follow the word "Use"."""


def in_words(found: Mapping[str, Any]) -> str:
    """Return pydantic's finding about one value as a sentence that says how to fix it, without the value."""
    if found["type"] == "string_pattern_mismatch":
        wanted = WANTED.get(found["ctx"]["pattern"])
        if wanted is not None:
            return f"Use {wanted}."
    return validation.in_words(found)
