"""Errors as problem details (RFC 9457): the one place where an error becomes bytes."""

import json
from typing import Final

from app.errors import (
    MOST_FAULTS,
    Fault,
    Forbidden,
    Gone,
    LadderError,
    PreconditionFailed,
    TooManyRequests,
    Unauthenticated,
    UnsupportedMediaType,
)

MEDIA_TYPE: Final = b"application/problem+json"
SUCCESSOR: Final = "successor-version"
"""The relation of what to read instead of something that was removed (RFC 5829)."""
_REALM: Final = 'Bearer realm="career-ladder"'


def problem(error: LadderError, request_id: str, base_url: str) -> bytes:
    """Return the body: type, title, status, detail, code, request_id, and `errors` if there are faults."""
    body: dict[str, object] = {
        "type": f"{base_url}/problems/{error.code}",
        "title": error.title,
        "status": error.status,
        "detail": error.detail,
        "code": error.code,
        "request_id": request_id,
    }
    if isinstance(error, Gone) and error.successors:
        body["successors"] = [{"target": target, "url": url} for target, url in error.successors]
    if error.faults:
        body["errors"] = [_fault(fault) for fault in error.faults[:MOST_FAULTS]]
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def headers_of(error: LadderError) -> dict[str, str]:
    """Return the headers that an error needs, such as WWW-Authenticate (RFC 6750, 3) and Retry-After."""
    headers: dict[str, str] = {}
    if isinstance(error, Unauthenticated):
        headers["www-authenticate"] = f'{_REALM}, error="invalid_token"' if error.refused else _REALM
    if isinstance(error, Forbidden) and error.scope is not None:
        headers["www-authenticate"] = f'{_REALM}, error="insufficient_scope", scope="{error.scope}"'
    if isinstance(error, Gone) and error.successors:
        headers["link"] = ", ".join(f'<{url}>; rel="{SUCCESSOR}"' for _, url in error.successors)
    if isinstance(error, PreconditionFailed) and error.etag is not None:
        headers["etag"] = error.etag
    if isinstance(error, UnsupportedMediaType) and error.accept_patch is not None:
        headers["accept-patch"] = error.accept_patch
    if error.retry_after is not None:
        headers["retry-after"] = str(error.retry_after)
    if isinstance(error, TooManyRequests):
        headers["ratelimit"] = f'"default";r=0;t={error.retry_after}'
    return headers


def _fault(fault: Fault) -> dict[str, str]:
    pairs = {"detail": fault.detail, "pointer": fault.pointer, "parameter": fault.parameter}
    return {name: value for name, value in pairs.items() if value is not None}
