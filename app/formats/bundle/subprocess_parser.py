"""Parsing request bodies in another process, within limits of time and memory."""

import json
import sys
from typing import Any, Final

from app.errors import BadRequest, InvalidLadder, TooLarge
from app.formats.bundle.reader import parse_document, parse_document_within
from app.formats.limited_process import SECONDS, limit, printed_error, run_limited
from app.rubric.canonical import canonical
from app.rubric.ladder import Ladder

_FIX: Final = "Shorten it, or send JSON."


def parse_apart(data: bytes, name: str, seconds: float = SECONDS) -> Ladder:
    """Return the ladder in one body, as `bundle.parse_document` gives it, but parsed in another process.

    Raises:
        BadRequest: It does not parse.
        InvalidLadder: It does not have the shape of a ladder.
        Invalid: It takes too long or too much memory.
        Unavailable: Other documents are being parsed, and the wait was too long.
    """
    answer = run_limited(__name__, [name], data, what="document", fix=_FIX, seconds=seconds)
    return Ladder.model_validate_json(answer["ladder"])


def parse_within_apart(data: bytes, name: str, member: str) -> tuple[Ladder, dict[str, object]]:
    """Return the ladder in one property of a body, and the other properties, as `bundle.parse_document_within` does.

    Raises as `parse_apart` does.
    """
    answer = run_limited(__name__, [name, member], data, what="document", fix=_FIX)
    return Ladder.model_validate_json(answer["ladder"]), answer["others"]


def _answer(data: bytes, name: str, member: str | None = None) -> dict[str, Any]:
    try:
        if member is None:
            return {"ladder": canonical(parse_document(data, name)).decode()}
        ladder, others = parse_document_within(data, name, member)
        return {"ladder": canonical(ladder).decode(), "others": others}
    except (BadRequest, InvalidLadder, TooLarge) as error:
        return printed_error(error)


if __name__ == "__main__":
    limit()
    sys.stdout.write(json.dumps(_answer(sys.stdin.buffer.read(), *sys.argv[1:])))
