"""The formats in which a view is given: JSON, and what its URLs with an extension give.

Each format has a URL of its own (`/matrix.csv`), where Accept says nothing more. At the URL without extension Accept
chooses: the request is answered as if it had asked for the URL of that format, under a key of its own. A route
declares which formats it has (`RouteFacts.formats`).
"""

from collections.abc import Mapping
from typing import Final

from app.errors import NotAcceptable
from app.serving.answers.negotiation import prefer

JSON: Final = "application/json"
CSV: Final = "text/csv"
MARKDOWN: Final = "text/markdown"


def extension_for(accept: bytes | None, formats: Mapping[str, str]) -> str:
    """Return what to append to the URL for the format that an Accept header prefers; nothing for JSON.

    `formats` are the media types besides JSON, by extension. Raises NotAcceptable if the header admits none of them.
    """
    chosen = prefer(accept, (JSON, *formats.values()))
    if chosen is None:
        raise NotAcceptable(f"Only {', '.join((JSON, *formats.values()))} can be given here.")
    return next((extension for extension, media_type in formats.items() if media_type == chosen), "")
