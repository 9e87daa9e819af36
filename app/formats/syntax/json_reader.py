"""A JSON (RFC 8259) reader that keeps the place of every value.

Strings, numbers and literals are read by the standard library's scanner; the structure around them is walked
here, because the standard library keeps no places, recurses without bound and lets the last duplicate win.
"""

import re
from json import JSONDecodeError, JSONDecoder
from typing import Final, NoReturn

from app.errors import BadRequest
from app.formats.syntax.nodes import (
    MAX_DEPTH,
    MAX_PROPERTIES,
    MAX_VALUES,
    TOO_DEEP,
    TOO_MANY,
    TOO_WIDE,
    Node,
    Remark,
    Source,
    echo,
    written_twice,
)

_SPACE: Final = re.compile(r"[ \t\n\r]*")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_LONGEST_NUMBER: Final = 100
_WORDS: Final = {
    "Unterminated string starting at": "a quote is never closed; close it",
    "Invalid control character at": "a line end or control character inside quotes; write it as an escape",
    "Invalid \\escape": "an unknown escape; write two backslashes for one",
    "Invalid \\uXXXX escape": "an escape that is not a character; write \\u and four hexadecimal digits",
}


class _RefusedError(ValueError):
    """A number that JSON does not allow, or that is too long."""


def _constant(name: str) -> NoReturn:
    raise _RefusedError(f"`{name}` is not a JSON number; write a finite number")


def _integer(digits: str) -> int:
    if len(digits) > _LONGEST_NUMBER:
        raise _RefusedError("a number of over 100 characters; shorten it, or put it in quotes")
    return int(digits)


_DECODER: Final = JSONDecoder(parse_constant=_constant, parse_int=_integer)


def read_json(source: Source) -> tuple[Node, list[Remark]]:
    """Return the value of the text, with remarks on what was refused in it.

    Raises BadRequest, with one fault at its place, if the text does not parse or nests too deep.
    """
    reader = _Reader(source)
    if not source.text.strip(" \t\r\n"):
        return Node(None, source, 0), []
    root, end = reader.value(reader.skip(0), 0)
    end = reader.skip(end)
    if end < len(source.text):
        reader.fail(
            end, "there is text after the end of the JSON value; delete it, or correct the brackets above"
        )
    return root, reader.remarks


class _Reader:
    """Walks one text; every method takes an offset and gives the one after what it read."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._text = source.text
        self._may_hold_surrogates = re.search(r"\\u[dD][89a-fA-F]", source.text) is not None
        self.remarks: list[Remark] = []
        self._values = 0

    def skip(self, at: int) -> int:
        """Return the offset of the next character that is not white space."""
        match = _SPACE.match(self._text, at)
        return at if match is None else match.end()

    def fail(self, at: int, detail: str) -> NoReturn:
        """Raise BadRequest with one fault at the offset."""
        fault = self._source.fault(at, detail)
        raise BadRequest(fault.detail, faults=[fault])

    def value(self, at: int, depth: int, key_at: int | None = None) -> tuple[Node, int]:
        """Return the value that begins at the offset."""
        self._values += 1
        if depth > MAX_DEPTH:
            self.fail(at, TOO_DEEP)
        if self._values > MAX_VALUES:
            self.fail(at, TOO_MANY)
        opening = self._text[at : at + 1]
        if opening == "{":
            members, end = self._members(at, depth)
            return Node(members, self._source, at, key_at), end
        if opening == "[":
            items, end = self._items(at, depth)
            return Node(items, self._source, at, key_at), end
        scalar, end = self._scalar(at)
        return Node(scalar, self._source, at, key_at), end

    def _members(self, at: int, depth: int) -> tuple[dict[str, Node], int]:
        members: dict[str, Node] = {}
        at = self.skip(at + 1)
        if self._text.startswith("}", at):
            return members, at + 1
        while True:
            key_at = at
            if not self._text.startswith('"', at):
                self._expected(at, "the name of a property in double quotes")
            name, at = self._scalar(at)
            at = self.skip(at)
            if not self._text.startswith(":", at):
                self._expected(at, "`:` after the name of a property")
            child, at = self.value(self.skip(at + 1), depth + 1, key_at)
            self._add(members, str(name), child, key_at)
            at, ended = self._next(at, "}")
            if ended:
                return members, at

    def _items(self, at: int, depth: int) -> tuple[list[Node], int]:
        items: list[Node] = []
        at = self.skip(at + 1)
        if self._text.startswith("]", at):
            return items, at + 1
        while True:
            child, at = self.value(at, depth + 1)
            items.append(child)
            at, ended = self._next(at, "]")
            if ended:
                return items, at

    def _next(self, at: int, closing: str) -> tuple[int, bool]:
        """Return the offset after a comma or the closing bracket, and whether it was the bracket."""
        at = self.skip(at)
        if self._text.startswith(closing, at):
            return at + 1, True
        if not self._text.startswith(",", at):
            self._expected(at, f"`,` or `{closing}`")
        after = self.skip(at + 1)
        if self._text.startswith(closing, after):
            self.fail(at, f"a comma before `{closing}`; delete it")
        return after, False

    def _add(self, members: dict[str, Node], name: str, child: Node, key_at: int) -> None:
        if first := members.get(name):
            self.remarks.append(written_twice(name, first, key_at))
        else:
            members[name] = child
        if len(members) > MAX_PROPERTIES:
            self.fail(key_at, TOO_WIDE)

    def _scalar(self, at: int) -> tuple[str | float | bool | None, int]:
        scalar: str | float | bool | None
        try:
            scalar, end = _DECODER.raw_decode(self._text, at)
        except JSONDecodeError as error:
            if error.msg in _WORDS:
                self.fail(min(error.pos, len(self._text)), _WORDS[error.msg])
            self._expected(at, "a value")
        except _RefusedError as error:
            self.fail(at, str(error))
        if self._may_hold_surrogates and isinstance(scalar, str) and (lone := _SURROGATE.search(scalar)):
            detail = f"half a character (the lone surrogate \\u{ord(lone[0]):04x}); write the whole character"
            self.remarks.append(Remark(self._source, at, detail))
            scalar = _SURROGATE.sub("\N{REPLACEMENT CHARACTER}", scalar)
        return scalar, end

    def _expected(self, at: int, what: str) -> NoReturn:
        found = self._text[at : at + 1]
        if not found:
            self.fail(at, f"the file ends where {what} is expected; add what is missing")
        if found in "/#":
            self.fail(at, "JSON has no comments; delete it, or write the file as YAML")
        self.fail(at, f"{what} is expected here, not `{echo(found)}`; correct the syntax")
