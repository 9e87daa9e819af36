"""Errors as problem details (RFC 9457): the one place where an error becomes bytes."""

import json
from typing import Final

from app.errors import MOST_FAULTS, Fault, LadderError

MEDIA_TYPE: Final = b"application/problem+json"


def problem(error: LadderError, request_id: str, root_path: str) -> bytes:
    """The body: type, title, status, detail, code, request_id, and `errors` where there are faults."""
    body: dict[str, object] = {
        "type": f"{root_path}/problems/{error.code}",
        "title": error.title,
        "status": error.status,
        "detail": error.detail,
        "code": error.code,
        "request_id": request_id,
    }
    if error.faults:
        body["errors"] = [_fault(fault) for fault in error.faults[:MOST_FAULTS]]
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def _fault(fault: Fault) -> dict[str, str]:
    pairs = {"detail": fault.detail, "pointer": fault.pointer, "parameter": fault.parameter}
    return {name: value for name, value in pairs.items() if value is not None}
