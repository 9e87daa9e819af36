"""Values in cells: every text, list and number of a ladder as a text that Excel keeps, and back.

An empty text that an author wrote is `(empty)`, since an empty cell means that nothing was written. A list has one
line per item. A text that is longer than a cell may be continues in the next row.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

MOST_UNITS: Final = 32_767
"""Most UTF-16 code units of one cell in Excel."""
MOST_LINE_FEEDS: Final = 253
"""Most line feeds of one cell in Excel."""
_EMPTY: Final = "(empty)"
_LIKE_EMPTY: Final = re.compile(r"\(+empty\)+")
_NO_CHARACTER: Final = re.compile("[\ufffe\uffff]")
"""Two code points that XML cannot hold. They are written as Excel writes control characters: `_xFFFE_`."""
_ESCAPED: Final = re.compile(r"\\([\\n])")
_WRITTEN_SO: Final = re.compile(r"_x((?:005F_x)*)(FFF[EF])_")


def encode(text: str) -> str:
    """Return a text as the content of a cell."""
    if not text:
        return _EMPTY
    if _LIKE_EMPTY.fullmatch(text):
        return f"({text})"
    if "_x" in text:
        text = _WRITTEN_SO.sub(r"_x005F_x\1\2_", text)
    return _NO_CHARACTER.sub(lambda found: f"_x{ord(found[0]):04X}_", text)


def decode(cell: str) -> str:
    """Return the text that `encode` was given."""
    if cell == _EMPTY:
        return ""
    if _LIKE_EMPTY.fullmatch(cell) and cell.startswith("(("):
        return cell[1:-1]
    return _WRITTEN_SO.sub(_restored, cell) if "_x" in cell else cell


def _restored(found: re.Match[str]) -> str:
    return f"_x{found[1].removeprefix('005F_x')}{found[2]}_" if found[1] else chr(int(found[2], 16))


def encode_list(items: Sequence[str]) -> str:
    """Return a list as the content of a cell: one line per item. A backslash and `n` are a line feed in an item."""
    return "\n".join(encode(item).replace("\\", "\\\\").replace("\n", "\\n") for item in items)


def decode_list(cell: str) -> list[str]:
    """Return the list that `encode_list` was given. Empty lines are left out."""
    unescaped = (
        re.sub(r"\\([\\n])", lambda found: "\n" if found[1] == "n" else "\\", line)
        for line in cell.split("\n")
    )
    return [decode(line) for line in unescaped if line]


def pieces(text: str) -> Iterator[str]:
    """Yield the parts of a text that fit into one cell each. Joined, they are the text."""
    rest = text
    while rest:
        size = _fitting(rest)
        if rest.startswith("<r>") and rest[:size].endswith("</r>"):
            size = 2  # the writer takes such a text for formatted text
        yield rest[:size]
        rest = rest[size:]


def _fitting(text: str) -> int:
    """Return how many characters of a text fit into one cell."""
    size = len(text)
    if size > MOST_UNITS // 2:
        units = 0
        for position, letter in enumerate(text):
            units += 2 if letter > "\uffff" else 1
            if units > MOST_UNITS:
                size = position
                break
    if text.count("\n", 0, size) > MOST_LINE_FEEDS:
        found = -1
        for _ in range(MOST_LINE_FEEDS):
            found = text.index("\n", found + 1)
        size = found + 1
    return size
