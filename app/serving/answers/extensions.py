"""The forms in which a view can be given: JSON, and what its URLs with an extension give.

Each form has a URL of its own (`/matrix.csv`), where Accept says nothing more. At the URL without extension Accept
chooses: the request is answered as if the chosen form's URL had been asked for, under a key of its own.
"""

import re
from functools import lru_cache
from typing import Final

from app.errors import NotAcceptable
from app.serving.answers.negotiation import prefer

JSON: Final = "application/json"
CSV: Final = "text/csv"
MARKDOWN: Final = "text/markdown"
EXTENSIONS: Final = {JSON: "", CSV: ".csv", MARKDOWN: ".md"}
"""What each form's URL ends in."""

_TABULAR: Final = re.compile(r"/v1/ladders/[^/]+/(?:matrix|compare|levels/[^/]+/(?:effective|next))")
_TOLD: Final = re.compile(r"/v1/ladders/[^/]+/diff")


@lru_cache(maxsize=1024)
def forms_of(path: str) -> tuple[str, ...]:
    """The media types between which Accept chooses at a path without its prefix; empty where it has no choice."""
    if _TABULAR.fullmatch(path):
        return JSON, CSV, MARKDOWN
    return (JSON, MARKDOWN) if _TOLD.fullmatch(path) else ()


def extension_for(accept: bytes | None, forms: tuple[str, ...]) -> str:
    """What to append to the URL for the form that an Accept header prefers. Raises NotAcceptable."""
    chosen = prefer(accept, forms)
    if chosen is None:
        raise NotAcceptable(f"Only {', '.join(forms)} can be given here.")
    return EXTENSIONS[chosen]
