"""Bodies of forms with files (`multipart/form-data`, RFC 7578)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from fastapi import Request
from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser, parse_options_header

from app.api.protocol.request_bodies import body_within
from app.errors import BadRequest, UnsupportedMediaType
from app.serving.answers.request import BODY_TOO_LARGE
from app.store.drafts import MAX_CONTENT

FORM: Final = "multipart/form-data"
_MOST_PARTS: Final = 10
_MOST_HEAD: Final = 4096
"""Most bytes of the headers of one part."""


@dataclass(slots=True)
class FormPart:
    """One field of a form."""

    name: str = ""
    file: str | None = None
    """The name of the file; None if the field is not a file."""
    content: bytearray = field(default_factory=bytearray)


async def form_body_of(request: Request) -> bytes:
    """Return the body of a form with a file. Raises TooLarge."""
    return await body_within(request, MAX_CONTENT, BODY_TOO_LARGE)


def form_parts(body: bytes, content_type: str) -> dict[str, FormPart]:
    """Return the fields of a form, by name.

    Raises:
        UnsupportedMediaType: The body is not a form with files.
        BadRequest: It does not parse, or a field is sent twice.
    """
    media_type, options = parse_options_header(content_type)
    boundary = options.get(b"boundary", b"")
    if media_type.decode("latin-1").lower() != FORM or not boundary:
        raise UnsupportedMediaType(f"Send {FORM}, with the file in the field `file`.")
    reading = _Reading()
    try:
        parser = MultipartParser(boundary, reading.callbacks())  # type: ignore[arg-type]  # its type is a closed dict
        parser.write(body)
        parser.finalize()
    except MultipartParseError as error:
        raise BadRequest(f"The body is not a form: {str(error)[:200]}.") from None
    if not reading.ended:
        raise BadRequest("The body is not a form: it ends before its last boundary.")
    found: dict[str, FormPart] = {}
    for part in reading.parts:
        if part.name in found:
            raise BadRequest(f"The form has the field {part.name[:80]!r} more than once. Send it once.")
        found[part.name] = part
    return found


@dataclass
class _Reading:
    """A form that is being read."""

    parts: list[FormPart] = field(default_factory=list)
    ended: bool = False
    _name: bytearray = field(default_factory=bytearray)
    _value: bytearray = field(default_factory=bytearray)

    def callbacks(self) -> Mapping[str, Any]:
        """Return what the parser calls."""
        return {
            "on_part_begin": self.begin,
            "on_part_data": lambda data, start, end: self.parts[-1].content.extend(data[start:end]),
            "on_header_field": lambda data, start, end: self.extend(self._name, data[start:end]),
            "on_header_value": lambda data, start, end: self.extend(self._value, data[start:end]),
            "on_header_end": self.header,
            "on_end": self.end,
        }

    def begin(self) -> None:
        """Begin a part."""
        if len(self.parts) >= _MOST_PARTS:
            raise BadRequest(f"The form has more than {_MOST_PARTS} fields.")
        self.parts.append(FormPart())

    def extend(self, held: bytearray, data: bytes) -> None:
        """Continue the name or the value of a header."""
        held.extend(data)
        if len(held) > _MOST_HEAD:
            raise BadRequest("A field of the form has headers that are too long.")

    def header(self) -> None:
        """End a header."""
        if bytes(self._name).lower() == b"content-disposition":
            _, options = parse_options_header(bytes(self._value))
            part = self.parts[-1]
            part.name = options.get(b"name", b"").decode("utf-8", "replace")
            if b"filename" in options:
                part.file = options[b"filename"].decode("utf-8", "replace")
        self._name.clear()
        self._value.clear()

    def end(self) -> None:
        """End the form."""
        self.ended = True
