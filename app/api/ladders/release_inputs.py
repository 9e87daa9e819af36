"""The bodies of requests that publish a release: the draft, or a document that corrects a release."""

import json
from typing import Annotated, Any, Final

from pydantic import Field, StringConstraints, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from app.api.ladders.review_bodies import Sha256
from app.api.protocol.json_body import value_in
from app.api.protocol.problems import COMMON
from app.api.protocol.request_bodies import MAX_SMALL, ladder_within
from app.api.reading.json_values import ANY_OBJECT
from app.api.reading.patterns import WORDS
from app.errors import (
    BadRequest,
    Conflict,
    Fault,
    Forbidden,
    Invalid,
    InvalidLadder,
    LadderError,
    NotFound,
    TooLarge,
    Unauthenticated,
    UnsupportedMediaType,
)
from app.formats.bundle.release_block import MAX_BECAUSE, Instant, ReleaseNumber
from app.rubric.ladder import Ladder
from app.rubric.releases import Bump
from app.rubric.text import Line, Text, Value

RELEASE_WRITE_ERRORS: Final[tuple[type[LadderError], ...]] = (
    BadRequest,
    Unauthenticated,
    Forbidden,
    NotFound,
    Conflict,
    TooLarge,
    UnsupportedMediaType,
    Invalid,
    *COMMON,
)
"""The errors that publishing a release, or an event of one, may answer with."""
_LONGEST: Final = 20_000
_DOCUMENT: Final = "document"

Reason = Annotated[Line, StringConstraints(max_length=_LONGEST, pattern=WORDS)]


class NewReleaseBody(Value):
    """The options for publishing the draft, or a correction of the release in force."""

    content_sha256: Sha256 | None = None
    """The `content_sha256` of the draft that you read. Required, unless you send `document`."""
    version: ReleaseNumber | None = None
    """The version number. A number below the minimum that the changes set needs a reason in `because`."""
    bump: Bump | None = None
    """The part of the newest version number to raise, instead of `version`. Without both, the release gets the
    minimum number, and the first release gets 1.0.0."""
    because: Annotated[
        Annotated[Reason, Field(max_length=MAX_BECAUSE)] | None,
        Field(examples=["Two lines are reworded; nobody is expected to do more."]),
    ] = None
    """The reason for a version number below the minimum. The release and the audit log keep both. The settings of the
    ladder can forbid lower numbers."""
    notes: Annotated[Text, Field(max_length=_LONGEST)] | None = None
    """Release notes, which tell readers what changed. If you leave them out, they are generated from the diff."""
    effective_from: Instant | None = None
    """The time when the release comes into force, or a date, which means its first moment in UTC. If you leave it
    out, the release comes into force at once."""
    corrects: Annotated[ReleaseNumber | None, Field(examples=["1.0.0"])] = None
    """Number of the release to correct: the one in force, while another is scheduled. The correction gets a number
    between the two and does not change the draft."""
    document: Annotated[dict[str, Any] | None, WithJsonSchema(ANY_OBJECT)] = None
    """The whole corrected ladder, in the format that `GET /v1/ladders/{ladder}/document` returns or in the format of
    ladder files (`/v1/schemas/ladder.json`). Read-only fields are ignored."""

    @model_validator(mode="after")
    def _one_number(self) -> "NewReleaseBody":
        if self.version is not None and self.bump is not None:
            raise PydanticCustomError("one_number", "Send `version` or `bump`, not both")
        if (self.corrects is None) != (self.document is None):
            raise PydanticCustomError("correction", "Send `corrects` and `document` together, or neither")
        return self


def release_in(body: bytes) -> tuple[NewReleaseBody, Ladder | None]:
    """Return the options in a body, and the document of a correction.

    Raises:
        BadRequest: The body is not JSON.
        Invalid: An option is wrong or missing; each has a pointer.
        InvalidLadder: The document does not have the shape of a ladder.
        TooLarge: The body is large and has no document.
    """
    if len(body) > MAX_SMALL:
        document, others = ladder_within(body, _DOCUMENT)
        return value_in(json.dumps({**others, _DOCUMENT: {}}).encode(), NewReleaseBody), document
    options = value_in(body, NewReleaseBody)
    if options.document is not None:
        return options, ladder_within(body, _DOCUMENT)[0]
    if options.content_sha256 is None:
        raise Invalid("The body has an error.", faults=[Fault("This is missing.", "/content_sha256")])
    return options, None


def inside_document(error: InvalidLadder) -> InvalidLadder:
    """Return an error about a ladder with pointers to where it is in the body."""
    faults = [Fault(one.detail, one.pointer and f"/{_DOCUMENT}{one.pointer}") for one in error.faults]
    return InvalidLadder(error.detail, faults=faults)
