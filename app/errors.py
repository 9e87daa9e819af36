"""Every error this project raises on purpose, as one tree.

    LadderError                    status  code
    ├── Renamed                    307     renamed
    ├── BadRequest                 400     malformed-request
    │   ├── RequestTimeout         408     request-timeout
    │   ├── UnsupportedEncoding    501     unsupported-encoding
    │   └── UnsupportedVersion     505     unsupported-version
    ├── Unauthenticated            401     unauthenticated
    ├── Forbidden                  403     forbidden
    ├── NotFound                   404     not-found
    │   └── NothingInForce         404     nothing-in-force
    ├── MethodNotAllowed           405     method-not-allowed
    ├── NotAcceptable              406     not-acceptable
    ├── Conflict                   409     conflict
    ├── Gone                       410     gone
    ├── PreconditionFailed         412     precondition-failed
    ├── TooLarge                   413     too-large
    │   ├── UriTooLong             414     uri-too-long
    │   └── HeadersTooLarge        431     headers-too-large
    ├── UnsupportedMediaType       415     unsupported-media-type
    ├── Invalid                    422     invalid
    │   ├── InvalidParameter       422     invalid-parameter
    │   ├── InvalidLadder          422     invalid-ladder
    │   └── BumpTooLow             422     bump-too-low
    ├── PreconditionRequired       428     precondition-required
    ├── TooManyRequests            429     too-many-requests
    ├── Internal                   500     internal
    └── Unavailable                503     unavailable
        ├── SchemaMismatch         503     schema-mismatch
        └── Overloaded             503     overloaded

A class carries what is the same for all its cases: the HTTP status it maps to, a stable code, a title and a
text that explains the problem and its cure on `/problems/{code}`. An instance carries the case: a detail that
names the place and the cure, and perhaps the single faults behind it. Nothing here knows HTTP beyond the number.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

MOST_FAULTS: Final = 20
"""How many faults of one request are looked into: an answer must cost less than what caused it."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in a request or file: what, how to mend it, and where."""

    detail: str
    pointer: str | None = None
    """JSON Pointer (RFC 6901) into the body or document."""
    parameter: str | None = None
    """Name of the query or path parameter."""


class LadderError(Exception):
    """Root of the tree; never raised itself."""

    status: ClassVar[int]
    code: ClassVar[str]
    title: ClassVar[str]
    explanation: ClassVar[str]

    def __init__(self, detail: str, *, faults: Sequence[Fault] = (), retry_after: int | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.faults = tuple(faults)
        self.retry_after = retry_after
        """Seconds after which trying again makes sense."""


class Renamed(LadderError):
    """The entity has another slug now; not an error of anybody's."""

    status = 307
    code = "renamed"
    title = "Renamed"
    explanation = (
        "The entity is there under another slug. Follow the `Location` header, and use the new slug."
    )

    def __init__(self, detail: str, location: str) -> None:
        super().__init__(detail)
        self.location = location
        """Path-absolute URL of the same entity under its present slug."""


class BadRequest(LadderError):
    """The request cannot be read at all."""

    status = 400
    code = "malformed-request"
    title = "The request cannot be read"
    explanation = "The request or its body does not parse. Mend the syntax at the place that `detail` names."


class RequestTimeout(BadRequest):
    """The client did not send the whole request in time."""

    status = 408
    code = "request-timeout"
    title = "The request did not arrive in time"
    explanation = "The server waited for the rest of the request and closed the connection. Send it again."


class UnsupportedEncoding(BadRequest):
    """The body has a transfer coding that this server does not read."""

    status = 501
    code = "unsupported-encoding"
    title = "The transfer coding is not supported"
    explanation = "Send the body with `Content-Length`, or with `Transfer-Encoding: chunked`."


class UnsupportedVersion(BadRequest):
    """The request is of a version of HTTP that this server does not speak."""

    status = 505
    code = "unsupported-version"
    title = "The version of HTTP is not supported"
    explanation = "Send the request as HTTP/1.1."


class Unauthenticated(LadderError):
    """A credential is needed, or the one sent is not valid."""

    status = 401
    code = "unauthenticated"
    title = "A valid key is needed"
    explanation = "Send a key that is valid today as `Authorization: Bearer …`."

    def __init__(self, detail: str, *, refused: bool = False) -> None:
        super().__init__(detail)
        self.refused = refused
        """Whether a credential was sent, and is not valid."""


class Forbidden(LadderError):
    """The caller is known and may not do this."""

    status = 403
    code = "forbidden"
    title = "Not allowed"
    explanation = "The caller lacks the right that `detail` names."

    def __init__(self, detail: str, *, scope: str | None = None) -> None:
        super().__init__(detail)
        self.scope = scope
        """The right that is missing, where it is one."""


class NotFound(LadderError):
    """Nothing is there, and nothing ever was."""

    status = 404
    code = "not-found"
    title = "Not found"
    explanation = (
        "There is no such ladder, release or entity, and there never was one. `detail` suggests near names; "
        "the list one step up in the URL holds all of them."
    )


class NothingInForce(NotFound):
    """The ladder exists, but no release of it is in force at the moment asked for."""

    code = "nothing-in-force"
    title = "No release is in force"
    explanation = (
        "The ladder has no release in force at the moment asked for. `detail` gives the next date on which "
        "one comes into force, if there is one. `@latest` reads the newest published release."
    )


class MethodNotAllowed(LadderError):
    """The resource exists and does not take this method."""

    status = 405
    code = "method-not-allowed"
    title = "Method not allowed"
    explanation = "The `Allow` header lists the methods this resource takes. Releases are never written to."


class NotAcceptable(LadderError):
    """None of the accepted media types can be given."""

    status = 406
    code = "not-acceptable"
    title = "Not acceptable"
    explanation = "Ask for `application/json`, or leave out the `Accept` header."


class Conflict(LadderError):
    """The request does not fit the state things are in."""

    status = 409
    code = "conflict"
    title = "Conflict with the current state"
    explanation = "Read the current state, then decide again."


class Gone(LadderError):
    """The entity was here in an earlier release and has been removed."""

    status = 410
    code = "gone"
    title = "Removed"
    explanation = "The entity was removed. `detail` says why and what to read instead, where the author did."


class PreconditionFailed(LadderError):
    """What is to be changed is not in the state that the caller has seen."""

    status = 412
    code = "precondition-failed"
    title = "It has changed meanwhile"
    explanation = (
        "`If-Match` names a state that is over, or `If-None-Match: *` a thing that is there. `detail` gives the "
        "present tag: read again, decide again, and send that tag."
    )

    def __init__(self, detail: str, *, etag: str | None = None) -> None:
        super().__init__(detail)
        self.etag = etag
        """The present tag with its quotes, where there is one."""


class TooLarge(LadderError):
    """A body, file or parameter exceeds its limit."""

    status = 413
    code = "too-large"
    title = "Too large"
    explanation = "The body exceeds the limit that `detail` names. Split it or shorten it."


class UriTooLong(TooLarge):
    """The URL exceeds its limit."""

    status = 414
    code = "uri-too-long"
    title = "The URL is too long"
    explanation = "Shorten the URL to the limit that `detail` names."


class HeadersTooLarge(TooLarge):
    """The header or trailer fields exceed a limit."""

    status = 431
    code = "headers-too-large"
    title = "The header fields are too large"
    explanation = "Send fewer or shorter header fields. `detail` names the limit."


class UnsupportedMediaType(LadderError):
    """The body is of a media type that this resource does not read."""

    status = 415
    code = "unsupported-media-type"
    title = "Unsupported media type"
    explanation = "Send one of the media types that `detail` names, and say so in `Content-Type`."

    def __init__(self, detail: str, *, accept_patch: str | None = None) -> None:
        super().__init__(detail)
        self.accept_patch = accept_patch
        """The media types of patches that are read here, where a patch was sent (RFC 5789)."""


class Invalid(LadderError):
    """The request parses and is wrong."""

    status = 422
    code = "invalid"
    title = "Invalid request"
    explanation = "The request was understood and is wrong. `errors` lists every fault with its place."


class InvalidParameter(Invalid):
    """A query or path parameter is unknown or out of range."""

    code = "invalid-parameter"
    title = "Invalid parameter"
    explanation = "A parameter is unknown or out of range. `errors` names each, with what is allowed."


class InvalidLadder(Invalid):
    """A ladder breaks the rules of shape or of content."""

    code = "invalid-ladder"
    title = "Invalid ladder"
    explanation = "The ladder breaks rules. `errors` lists every finding with its place and its cure."


class BumpTooLow(Invalid):
    """A release number says less than the changes mean for people."""

    code = "bump-too-low"
    title = "The number says less than the changes mean"
    explanation = (
        "The release number says what the changes mean for people. Take the number that `detail` names, or lower "
        "single changes of those that `errors` lists by one class each, with the reason."
    )


class PreconditionRequired(LadderError):
    """A change must say which state it is meant for, so that nobody overwrites what they have not seen."""

    status = 428
    code = "precondition-required"
    title = "A precondition is needed"
    explanation = (
        "Send the `ETag` of what you read as `If-Match`, or `If-None-Match: *` to make what is not there yet."
    )


class TooManyRequests(LadderError):
    """The caller exceeds its rate limit."""

    status = 429
    code = "too-many-requests"
    title = "Too many requests"
    explanation = "Wait for the number of seconds in `Retry-After`."


class Internal(LadderError):
    """A defect of this software."""

    status = 500
    code = "internal"
    title = "Internal error"
    explanation = "This is a defect. Report it with the `request_id`; the log holds the cause under that id."


class Unavailable(LadderError):
    """The database is out of reach, and the answer is not in memory."""

    status = 503
    code = "unavailable"
    title = "Unavailable for now"
    explanation = "The database is out of reach. Try again after the number of seconds in `Retry-After`."


class SchemaMismatch(Unavailable):
    """The database has a schema that this version of the software does not know."""

    code = "schema-mismatch"
    title = "The database schema does not fit"
    explanation = "Run `ladder migrate` (older schema) or start the newer software (newer schema)."


class Overloaded(Unavailable):
    """The server has as many connections as it can take."""

    code = "overloaded"
    title = "Too many connections"
    explanation = "The server has no free connection. Try again after the number of seconds in `Retry-After`."
