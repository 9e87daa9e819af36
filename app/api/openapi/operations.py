"""Parts that all operations of the OpenAPI document share: scopes, headers, conditional requests, statuses."""

from collections.abc import Sequence
from typing import Any, Final

from app.api.protocol.idempotency import DESCRIPTION, HEADER
from app.api.protocol.problems import SHARED, documented
from app.errors import BadRequest, Forbidden, Renamed, TooManyRequests, Unauthenticated

Json = dict[str, Any]

SCOPES: Final = "x-required-scopes"
"""The extension of an operation that lists the scopes of which the caller needs one."""
BEARER: Final = {
    "type": "http",
    "scheme": "bearer",
    "description": "An API key (created with `ladder keys create`), or a token of the OpenID Connect issuer that the "
    "service is configured with. By default, reads need no credentials. The scopes are `read`, `write`, `review`, "
    f"`publish` and `admin`. `{SCOPES}` lists those that an operation accepts; one is enough.",
}
_HEADERS: Final = {
    "ETag": "Strong entity tag of the body (RFC 9110).",
    "Cache-Control": "Pinned responses are immutable. Others are short-lived and can be revalidated.",
    "Link": "Related URLs (RFC 8288): `next`; on pinned responses also `canonical`, `latest-version`, "
    "`version-history`, `predecessor-version` (RFC 5829).",
    "Deprecation": "Only on pinned responses of a deprecated release: the time of the deprecation (RFC 9745), such "
    "as `@1795348800`. The `deprecation` link leads to the reason.",
    "Sunset": "Only on pinned responses of a deprecated release: the time from which you should no longer use it "
    "(RFC 8594).",
    "Location": "URL path of the target. Send the same request there.",
    "WWW-Authenticate": "How to authenticate (RFC 6750): the scheme, the error, and the missing scope.",
    "Retry-After": "Seconds to wait before the next attempt.",
    "X-Request-ID": "Identifies the request in the log. If the request has this header, its value is used.",
}
_ON_READS: Final = ("ETag", "Cache-Control", "Link", "Deprecation", "Sunset", "X-Request-ID")
_NEVER_KEPT: Final = frozenset({"health", "audit"})
"""Tags of reads without an entity tag, because every response differs."""
_ALSO: Final = {
    "307": ("Location",),
    "412": ("ETag",),
    "401": ("WWW-Authenticate",),
    "403": ("WWW-Authenticate",),
    "429": ("Retry-After",),
    "503": ("Retry-After",),
}
"""More headers of errors, by status."""
_STRONG: Final = '"[!#-~]*"'
_ANY: Final = f"(W/)?{_STRONG}"


def _tags(one: str) -> Json:
    return {"type": "string", "pattern": rf"^(\*|{one}(, ?{one})*)$"}


_IF_MATCH: Final = {
    "name": "If-Match",
    "in": "header",
    "description": "The `ETag` of what you change, as you read it. A response with status 412 has the current one.",
    "schema": _tags(_STRONG),
}
_IF_NONE_MATCH: Final = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "Entity tags of the copies that you have, or `*`.",
    "schema": {"type": "string"},
}
_CREATE: Final = "`*` to create what does not exist yet. To replace what exists, send `If-Match` instead."
_IDEMPOTENCY_KEY: Final = {
    "name": HEADER,
    "in": "header",
    "required": False,
    "description": DESCRIPTION,
    "schema": {"type": "string", "pattern": "^[ -~]{1,255}$"},
}


def header_components() -> Json:
    """Return the response headers of the document's components."""
    return {name: {"description": text, "schema": {"type": "string"}} for name, text in _HEADERS.items()}


def secure(path: str, operation: Json, rights: Sequence[str]) -> None:
    """Document the scopes of an operation, and its errors without them. Open reads need no scope."""
    if not path.startswith("/v1"):
        operation["security"] = []
        return
    operation["security"] = [{"bearer": []}] if rights else [{}, {"bearer": []}]
    operation[SCOPES] = list(rights) or ["read"]
    if rights and "scope" not in operation["description"]:
        listed = " or ".join(f"`{right}`" for right in rights)
        operation["description"] += f"\n\nNeeds the {listed} scope."
    refusals = documented((Unauthenticated, Forbidden, TooManyRequests))
    operation["responses"] |= {str(status): said for status, said in refusals.items()}


def document_renaming(path: str, operation: Json) -> None:
    """Document the redirect to the present slug of a ladder: a former one works in every path."""
    if "{ladder}" in path:
        redirects = {str(status): said for status, said in documented((Renamed,)).items()}
        operation["responses"] = redirects | operation["responses"]


def finish(method: str, operation: Json) -> None:
    """Add the headers and statuses that the layer in front of the routes adds, and the headers it reads."""
    responses: Json = operation["responses"]
    responses |= {str(status): said for status, said in documented((BadRequest,)).items()}
    for status, response in responses.items():
        response["headers"] = _header_refs("X-Request-ID", *_ALSO.get(status, ()))
    parameters = operation.setdefault("parameters", [])
    if method == "post" and {} not in operation["security"]:  # a POST that needs no scope changes nothing
        parameters.append(_IDEMPOTENCY_KEY)
    if method == "get" and "200" in responses and operation["tags"][0] not in _NEVER_KEPT:
        _finish_read(parameters, responses)
    if "428" in responses:
        parameters[:] = [one for one in parameters if one["in"] != "header" or one is _IDEMPOTENCY_KEY]
        parameters += _conditions(creates="201" in responses)
    operation["responses"] = dict(sorted(responses.items()))


def _finish_read(parameters: list[Json], responses: Json) -> None:
    responses["200"]["headers"] = _header_refs(*_ON_READS)
    responses["304"] = {
        "description": "Not modified: the copy that you have is current.",
        "headers": _header_refs(*_ON_READS),
        SHARED: "not-modified",
    }
    parameters.append(_IF_NONE_MATCH)


def _conditions(*, creates: bool) -> list[Json]:
    """Return the headers that say which state a write is meant for. What can be created needs either of two."""
    if not creates:
        return [{**_IF_MATCH, "required": True}]
    return [
        {**_IF_MATCH, "required": False},
        {**_IF_NONE_MATCH, "description": _CREATE, "schema": _tags(_ANY)},
    ]


def _header_refs(*names: str) -> Json:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}
