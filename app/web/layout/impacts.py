"""The classes of changes, in the words of pages."""

from typing import Final

from app.rubric.releases import Impact
from app.web.translation.messages import N_

IMPACT_WORDS: Final[dict[Impact, tuple[str, str]]] = {
    "asks-more": (N_("Expects more"), N_("People who met a level before may now need to do more.")),
    "asks-other": (N_("Expects something else"), N_("Expectations have changed. Please read them again.")),
    "asks-less": (N_("Expects less"), N_("Something is no longer expected, or is now optional.")),
    "clarifies": (N_("New or clearer"), N_("No new demands. Something was added or explained.")),
    "editorial": (N_("Editorial"), N_("Spelling, links and notes. Expectations stay the same.")),
}
"""Heading and meaning of each class, most important first."""
