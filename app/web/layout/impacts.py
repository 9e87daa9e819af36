"""The classes of changes, in the words of pages."""

from typing import Final

from app.rubric.releases import Impact

IMPACT_WORDS: Final[dict[Impact, tuple[str, str]]] = {
    "asks-more": ("Expects more", "People who met a level before may now need to do more."),
    "asks-other": ("Expects something else", "Expectations have changed. Please read them again."),
    "asks-less": ("Expects less", "Something is no longer expected, or is now optional."),
    "clarifies": ("New or clearer", "No new demands. Something was added or explained."),
    "editorial": ("Editorial", "Spelling, links and notes. Expectations stay the same."),
}
"""Heading and meaning of each class, most important first."""
