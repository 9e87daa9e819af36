"""The ladder in a path: with any release, with the draft, or without a release.

The patterns are for the OpenAPI document. A text that does not match gets a 404, or a 405 if it is a write that does
not name the draft.
"""

from typing import Annotated

from fastapi import Path

from app.api.reading.patterns import DRAFT_LADDER, LADDER
from app.rubric.text import SLUG_PATTERN

AnyRelease = Annotated[
    str,
    Path(
        description="Slug of the ladder, such as `netflix-engineering`, for the release in force. Append a release "
        "to read that one: `@1.0.0`, `@latest` (the newest published release) or `@draft`.",
        json_schema_extra={"pattern": LADDER},
    ),
]
DraftOnly = Annotated[
    str,
    Path(
        description="Slug of the ladder with `@draft`, such as `netflix-engineering@draft`. Only drafts can be "
        "changed.",
        json_schema_extra={"pattern": DRAFT_LADDER},
    ),
]
NoRelease = Annotated[
    str,
    Path(
        description="Slug of the ladder, without a release.",
        json_schema_extra={"pattern": SLUG_PATTERN},
    ),
]
