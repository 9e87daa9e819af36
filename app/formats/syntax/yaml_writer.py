"""A YAML writer: JSON types as text that is easy to edit and that every reader understands in the same way.

Block style throughout. Long lines are folded, and texts of several lines become literal blocks. Text that a block
might not keep exactly (white space at line ends, invisible line breaks, control characters) is in double quotes. So
are words that older readers take for another type (`yes`, `1.10`, `2026-03-31`).
"""

import json
import re
from collections.abc import Iterator
from typing import Any, Final

_WIDTH: Final = 100
"""Longest line in characters, where the text has a place to break."""
_STEP: Final = "  "
_ESCAPED: Final = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_HIDDEN: Final = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
"""Characters that stand in double quotes only."""
_LOOSE_SPACE: Final = re.compile(r"\A\s|\s\Z|[^\S\n]\n")
"""White space that an editor may strip, or that would shift the indentation of a block."""
_BREAK: Final = re.compile(r"(?<=\S) (?=\S)")
"""A single space, where a folded line may break."""
_RESERVED: Final = frozenset(["true", "false", "yes", "no", "on", "off", "y", "n", "null", "nan", "inf"])


def to_yaml(document: dict[str, Any]) -> str:
    """Return the document as YAML 1.2 text. Reading it gives exactly the same values."""
    return "\n".join(_mapping(document, "")) + "\n"


def _mapping(mapping: dict[str, Any], pad: str) -> Iterator[str]:
    for name, value in mapping.items():
        yield from _entry(f"{pad}{name}:", value, pad)


def _sequence(items: list[Any], pad: str) -> Iterator[str]:
    for item in items:
        if isinstance(item, dict):
            first, *rest = _mapping(item, pad + _STEP)
            yield f"{pad}- {first.lstrip(' ')}"
            yield from rest
        else:
            yield from _entry(f"{pad}-", item, pad)


def _entry(head: str, value: Any, pad: str) -> Iterator[str]:  # noqa: ANN401 - JSON of any type
    if isinstance(value, dict):
        yield head
        yield from _mapping(value, pad + _STEP)
    elif isinstance(value, list):
        yield head
        yield from _sequence(value, pad + _STEP)
    elif isinstance(value, str):
        yield from _text(head, value, pad + _STEP)
    else:
        yield f"{head} {json.dumps(value)}"


def _text(head: str, text: str, pad: str) -> Iterator[str]:
    """One line of YAML, or a block below the head."""
    body = text.removesuffix("\n")
    blocky = not _HIDDEN.search(text) and body and not _LOOSE_SPACE.search(body)
    if blocky and "\n" in text:
        yield f"{head} |" if text.endswith("\n") else f"{head} |-"
        yield from (pad + line if line else "" for line in body.split("\n"))
    elif blocky and len(head) + len(text) >= _WIDTH and _BREAK.search(text):
        yield f"{head} >-"
        yield from _folded(text, pad)
    else:
        yield f"{head} {text if _is_plain(text) else _quoted(text)}"


def _folded(text: str, pad: str) -> Iterator[str]:
    line = ""
    for word in _BREAK.split(text):
        if line and len(pad) + len(line) + 1 + len(word) > _WIDTH:
            yield pad + line
            line = word
        else:
            line = f"{line} {word}" if line else word
    yield pad + line


def _is_plain(text: str) -> bool:
    """Return whether the text needs no quotes, in YAML 1.1 and in 1.2."""
    return (
        text[:1].isalpha()
        and text.lower() not in _RESERVED
        and not _HIDDEN.search(text)
        and not text[-1:].isspace()
        and not re.search(r"\n|:(\s|\Z)|\s#", text)
    )


def _quoted(text: str) -> str:
    written = json.dumps(text, ensure_ascii=False)
    return _ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", written)
