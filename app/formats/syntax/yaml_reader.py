"""A safe YAML 1.2 reader for the part of YAML that every reader understands in the same way.

The C parser of ruamel.yaml gives events with marks; plain scalars are resolved here by the core schema of
YAML 1.2 (https://yaml.org/spec/1.2.2/#103-core-schema), so that `yes`, `no`, `on` and dates stay text. Features
that hide what a file means are rejected: anchors and aliases, tags, merge keys, duplicate and non-text keys, several
documents, deep nesting. Nothing is ever expanded.
"""

import re
from collections.abc import Iterator
from typing import Final

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.events import (
    AliasEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
    StreamStartEvent,
)

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
from app.formats.syntax.yaml_messages import explain

_CONTROL: Final = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_MISREAD: Final = {
    "\x85": re.compile("\x85"),
    "\u2028": re.compile("\u2028"),
    "\u2029": re.compile("\u2029"),
    ":": re.compile(r"""(?<=[^\s,\[\]{}"']):(?=[^\s,\[\]{}"'])"""),
    "?": re.compile(r"""(?<=[^\s,\[\]{}"'])\?"""),
}
"""Ordinary characters of YAML 1.2 that the parser, which follows YAML 1.1, takes for a line break or, within
brackets, for the end of a text (`[level:l5]`, `{url: https://…}`, `{question: Why?}`)."""
_PRIVATE: Final = (range(0xE000, 0xF900), range(0xF0000, 0xFFFFE), range(0x100000, 0x10FFFE))
"""Code points without a meaning of their own."""
_NULL: Final = frozenset({"", "~", "null", "Null", "NULL"})
_BOOLEAN: Final = {
    word: value for value in (True, False) for word in (str(value).lower(), str(value), str(value).upper())
}
_INTEGER: Final = re.compile(r"[-+]?[0-9]+", re.ASCII)
_BASED: Final = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+", re.ASCII)
_FLOAT: Final = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", re.ASCII)
_SPECIAL: Final = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_LONGEST_NUMBER: Final = 100
_MAY_BE_OTHER: Final = frozenset("+-.0123456789~nNtTfF")
"""First characters of every plain scalar that is not text."""


def read_yaml(source: Source) -> tuple[Node, list[Remark]]:
    """Return the one document of the text, with remarks on what was refused in it.

    Raises BadRequest, with one fault at its place, if the text does not parse or nests too deep.
    """
    if found := _CONTROL.search(source.text):
        detail = (
            f"the control character U+{ord(found[0]):04X} is not allowed in YAML; delete it, or write "
            f'"\\u{ord(found[0]):04x}"'
        )
        raise _unreadable(source, found.start(), detail)
    text, restore = _shielded(source)
    try:
        return _Composer(source, YAML(typ="safe").parse(text), restore).document()
    except MarkedYAMLError as error:
        at = _offset(error, len(text))
        raise _unreadable(source, at, explain(error, source.text, at)) from None


def resolve(text: str) -> str | float | bool | None:
    """Return the value of a plain scalar by the core schema. Raises ValueError if a number is too long."""
    if text in _NULL:
        return None
    if text[0] not in _MAY_BE_OTHER:
        return text
    if text in _BOOLEAN:
        return _BOOLEAN[text]
    if not (_FLOAT.fullmatch(text) or _BASED.fullmatch(text)):
        return float(text.replace(".", "", 1)) if _SPECIAL.fullmatch(text) else text
    if len(text) > _LONGEST_NUMBER:
        raise ValueError(text)
    if _BASED.fullmatch(text):
        return int(text, 0)
    return int(text) if _INTEGER.fullmatch(text) else float(text)


def _offset(error: MarkedYAMLError, end: int) -> int:
    """Return the offset of an error. A quote that is never closed is reported where it opens."""
    marks = [error.problem_mark, error.context_mark]
    if error.problem == "found unexpected end of stream":
        marks.reverse()
    return next((min(mark.index, end) for mark in marks if mark is not None), 0)


def _unreadable(source: Source, at: int, detail: str) -> BadRequest:
    fault = source.fault(at, detail)
    return BadRequest(fault.detail, faults=[fault])


def _shielded(source: Source) -> tuple[str, dict[int, str]]:
    """Return the text with what the parser would misread hidden behind unused characters, and the way back.

    Nothing changes its offset. What is hidden is never a sign of YAML itself: it is part of a text, in quotes
    or not, of a comment, or of a tag or anchor, which are refused. Raises BadRequest if no character is unused.
    """
    text = source.text
    misread = [one for one in _MISREAD.items() if one[0] in text and one[1].search(text)]
    if not misread:
        return text, {}
    used = set(text)
    unused = (chr(code) for block in _PRIVATE for code in block if chr(code) not in used)
    restore: dict[int, str] = {}
    for hidden, pattern in misread:
        stand_in = next(unused, None)
        if stand_in is None:
            first = pattern.search(source.text)
            detail = (
                f"the file uses every private-use character, so {hidden!a} cannot be read here; "
                "delete some of those characters, or write the file as JSON"
            )
            raise _unreadable(source, 0 if first is None else first.start(), detail)
        text = pattern.sub(stand_in, text)
        restore[ord(stand_in)] = hidden
    return text, restore


class _Composer:
    """Turns the events of one text into nodes."""

    def __init__(self, source: Source, events: Iterator[Event], restore: dict[int, str]) -> None:
        self._source = source
        self._events = events
        self._restore = restore
        self._remarks: list[Remark] = []
        self._values = 0

    def document(self) -> tuple[Node, list[Remark]]:
        start = next(self._events)
        while isinstance(start, StreamStartEvent):
            start = next(self._events)
        if isinstance(start, StreamEndEvent):
            return Node(None, self._source, 0), []
        if isinstance(start, DocumentStartEvent) and start.version not in (None, (1, 2)):
            self._remark(start, "only YAML 1.2 is read; delete the `%YAML` line")
        root = self._node(next(self._events), 0)
        for event in self._events:
            if isinstance(event, DocumentStartEvent):
                self._remark(event, "a second document begins here; keep one document in a file")
                break
        return root, self._remarks

    def _node(self, event: Event, depth: int, key_at: int | None = None) -> Node:
        at: int = event.start_mark.index
        self._values += 1
        if depth > MAX_DEPTH:
            raise _unreadable(self._source, at, TOO_DEEP)
        if self._values > MAX_VALUES:
            raise _unreadable(self._source, at, TOO_MANY)
        self._refuse_extras(event)
        if isinstance(event, ScalarEvent):
            return Node(self._scalar(event), self._source, at, key_at)
        if isinstance(event, SequenceStartEvent):
            return Node(self._items(depth), self._source, at, key_at)
        if isinstance(event, MappingStartEvent):
            return Node(self._members(depth), self._source, at, key_at)
        return Node(None, self._source, at, key_at)

    def _items(self, depth: int) -> list[Node]:
        items = []
        while not isinstance(event := next(self._events), SequenceEndEvent):
            items.append(self._node(event, depth + 1))
        return items

    def _members(self, depth: int) -> dict[str, Node]:
        members: dict[str, Node] = {}
        while not isinstance(event := next(self._events), MappingEndEvent):
            key = self._node(event, depth + 1)
            child = self._node(next(self._events), depth + 1, key.at)
            name = self._name(event, key)
            if name is None:
                continue
            if first := members.get(name):
                self._remarks.append(written_twice(name, first, key.at))
            else:
                members[name] = child
            if len(members) > MAX_PROPERTIES:
                raise _unreadable(self._source, key.at, TOO_WIDE)
        return members

    def _name(self, event: Event, key: Node) -> str | None:
        """Return the name of a property, or None with a remark where it has no usable one."""
        if isinstance(event, AliasEvent):
            return None
        if not isinstance(event, ScalarEvent):
            self._remark(event, "the name of a property must be text, not a list or mapping; write a name")
        elif not isinstance(key.value, str):
            self._remark(
                event, f"the name of a property must be text; put `{self._echo(event.value)}` in quotes"
            )
        elif key.value == "<<" and not event.style:
            self._remark(event, "merge keys (`<<`) are not read; write the properties out")
        else:
            return key.value
        return None

    def _refuse_extras(self, event: Event) -> None:
        if isinstance(event, AliasEvent):
            self._remark(event, f"aliases (`*{self._echo(event.anchor)}`) are not read; write the value out")
        elif isinstance(event, NodeEvent) and event.anchor is not None:
            self._remark(event, f"anchors (`&{self._echo(event.anchor)}`) are not read; delete it")
        if isinstance(event, ScalarEvent | CollectionStartEvent) and event.tag is not None:
            self._remark(event, f"tags (`{self._echo(event.tag)}`) are not read; delete it, quotes make text")

    def _scalar(self, event: ScalarEvent) -> str | float | bool | None:
        text: str = event.value
        if self._restore and not text.isascii():
            text = text.translate(self._restore)
        if event.style:
            return text
        try:
            return resolve(text)
        except ValueError:
            self._remark(event, "a number of over 100 characters; shorten it, or put it in quotes")
            return None

    def _echo(self, text: str) -> str:
        return echo(text.translate(self._restore))

    def _remark(self, event: Event, detail: str) -> None:
        self._remarks.append(Remark(self._source, event.start_mark.index, detail))
