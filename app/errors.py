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

A class has what all its cases share: the HTTP status, a stable code, a title, and a text that explains the problem
and its fix on `/problems/{code}`. An instance has the case: a detail with the place and the fix, and perhaps a list
of faults. Nothing here knows HTTP beyond the status.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

MOST_FAULTS: Final = 20
"""Largest number of faults reported for one request, so that a response costs less than its request."""
LONGEST_TEXT: Final = 1_000
"""Most characters of a text about a fault, so that it never repeats a whole input."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault in a request or file: what is wrong, how to fix it, and where."""

    detail: str
    pointer: str | None = None
    """JSON Pointer (RFC 6901) into the body or document."""
    parameter: str | None = None
    """Name of the query or path parameter."""

    def __post_init__(self) -> None:
        """Shorten what repeats a very long input."""
        for name in ("detail", "pointer", "parameter"):
            text = getattr(self, name)
            if text is not None and len(text) > LONGEST_TEXT:
                object.__setattr__(self, name, shortened(text))


def shortened(text: str) -> str:
    """Return a text of at most `LONGEST_TEXT` characters: one that is longer loses its middle."""
    if len(text) <= LONGEST_TEXT:
        return text
    half = LONGEST_TEXT // 2
    return f"{text[:half]}…{text[1 - half :]}"


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
        """Seconds to wait before trying again."""


class Renamed(LadderError):
    """The entity has a new slug. A redirect, not an error."""

    status = 307
    code = "renamed"
    title = "Renamed"
    explanation = "The entity has a new slug. Follow the `Location` header, and use the new slug from now on."

    def __init__(self, detail: str, location: str) -> None:
        super().__init__(detail)
        self.location = location
        """Path-absolute URL of the same entity under its current slug."""


class BadRequest(LadderError):
    """The request cannot be read at all."""

    status = 400
    code = "malformed-request"
    title = "The request cannot be read"
    explanation = (
        "The request or its body cannot be parsed. Correct the syntax at the place that `detail` names."
    )


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
    explanation = "Send a valid API key or token as `Authorization: Bearer …`."

    def __init__(self, detail: str, *, refused: bool = False) -> None:
        super().__init__(detail)
        self.refused = refused
        """True if a credential was sent and is not valid."""


class Forbidden(LadderError):
    """The caller is known and does not have the right."""

    status = 403
    code = "forbidden"
    title = "Not allowed"
    explanation = "The key or person does not have the right that `detail` names."

    def __init__(self, detail: str, *, scope: str | None = None) -> None:
        super().__init__(detail)
        self.scope = scope
        """The missing right, if a right is missing."""


class NotFound(LadderError):
    """There is no such thing, and never was."""

    status = 404
    code = "not-found"
    title = "Not found"
    explanation = (
        "There is no such ladder, release or entity, and there never was one. `detail` suggests similar names; "
        "the list one step up in the URL shows all of them."
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
    """The resource exists and does not support this method."""

    status = 405
    code = "method-not-allowed"
    title = "Method not allowed"
    explanation = (
        "The `Allow` header lists the methods that this resource supports. Releases cannot be changed."
    )


class NotAcceptable(LadderError):
    """None of the accepted media types is available."""

    status = 406
    code = "not-acceptable"
    title = "Not acceptable"
    explanation = "Ask for `application/json`, or leave out the `Accept` header."


class Conflict(LadderError):
    """The current state does not allow the request."""

    status = 409
    code = "conflict"
    title = "Conflict with the current state"
    explanation = "Read the current state, then decide what to send."


class Gone(LadderError):
    """The entity was here in an earlier release and has been removed."""

    status = 410
    code = "gone"
    title = "Removed"
    explanation = (
        "The entity was removed. `detail` gives the reason and `successors` says what to read instead, if the author "
        "named them."
    )

    def __init__(self, detail: str, successors: Sequence[tuple[str, str]] = ()) -> None:
        super().__init__(detail)
        self.successors = tuple(successors)
        """Entities to read instead: `kind:slug` and path-absolute URL of each."""


class PreconditionFailed(LadderError):
    """The resource is not in the state that the caller has seen."""

    status = 412
    code = "precondition-failed"
    title = "The resource has changed"
    explanation = (
        "The resource no longer has the ETag in `If-Match`, or exists despite `If-None-Match: *`. `detail` gives the "
        "current ETag. Read the resource again, then send that ETag."
    )

    def __init__(self, detail: str, *, etag: str | None = None) -> None:
        super().__init__(detail)
        self.etag = etag
        """The current ETag with its quotes, if there is one."""


class TooLarge(LadderError):
    """A body, file or parameter exceeds its limit."""

    status = 413
    code = "too-large"
    title = "Too large"
    explanation = "The body is larger than the limit that `detail` names. Split or shorten it."


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
    """The resource does not accept this media type."""

    status = 415
    code = "unsupported-media-type"
    title = "Unsupported media type"
    explanation = "Send one of the media types that `detail` names, and name it in `Content-Type`."

    def __init__(self, detail: str, *, accept_patch: str | None = None) -> None:
        super().__init__(detail)
        self.accept_patch = accept_patch
        """The accepted media types of patches, if a patch was sent (RFC 5789)."""


class Invalid(LadderError):
    """The request can be read, but its content is wrong."""

    status = 422
    code = "invalid"
    title = "Invalid request"
    explanation = (
        "The request can be read, but its content is wrong. `errors` lists each fault with its place."
    )


class InvalidParameter(Invalid):
    """A query or path parameter is unknown or out of range."""

    code = "invalid-parameter"
    title = "Invalid parameter"
    explanation = "A parameter is unknown or out of range. `errors` lists each with the allowed values."


class InvalidLadder(Invalid):
    """A ladder breaks rules of shape or content."""

    code = "invalid-ladder"
    title = "Invalid ladder"
    explanation = "The ladder breaks rules. `errors` lists each finding with its place and fix."


class BumpTooLow(Invalid):
    """A release number is lower than the changes require."""

    code = "bump-too-low"
    title = "The release number is too low"
    explanation = (
        "The changes set a minimum release number. Use the number that `detail` names or a higher one, or give the "
        "reason for a lower one in `because`, unless the settings of the ladder forbid that. `errors` lists the "
        "changes."
    )


class PreconditionRequired(LadderError):
    """A change must name the state it is based on, so that nobody overwrites changes they have not seen."""

    status = 428
    code = "precondition-required"
    title = "Precondition required"
    explanation = "Send the `ETag` of the resource as `If-Match`, or `If-None-Match: *` to create a new one."


class TooManyRequests(LadderError):
    """The caller has reached its rate limit."""

    status = 429
    code = "too-many-requests"
    title = "Too many requests"
    explanation = "Wait the number of seconds in `Retry-After`, then try again."


class Internal(LadderError):
    """A defect of this software."""

    status = 500
    code = "internal"
    title = "Internal error"
    explanation = (
        "This is a defect of the software. Report the `request_id`: the log has the cause under that id."
    )


class Unavailable(LadderError):
    """The database cannot be reached, and the response is not in memory."""

    status = 503
    code = "unavailable"
    title = "Temporarily unavailable"
    explanation = (
        "The database cannot be reached. Wait the number of seconds in `Retry-After`, then try again."
    )


class SchemaMismatch(Unavailable):
    """The database schema is not the one that this version of the software needs."""

    code = "schema-mismatch"
    title = "The database schema does not match"
    explanation = (
        "Run `ladder migrate` (older schema) or start the newer software (newer schema). Until then, a running "
        "server reads but does not write."
    )


class Overloaded(Unavailable):
    """The server has as many connections as it can take."""

    code = "overloaded"
    title = "Too many connections"
    explanation = "The server has no free connection. Try again after the number of seconds in `Retry-After`."
