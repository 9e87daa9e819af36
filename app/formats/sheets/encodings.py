"""The encodings that spreadsheet programs save CSV files in, recognised from the bytes."""

import codecs
import re
from typing import Final

from app.errors import BadRequest, Fault

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MULTI_BYTE: Final = (
    ("cp949", "\uac00", "\ud7a3"),
    ("cp932", "\u3041", "\u9fff"),
    ("gb18030", "\u4e00", "\u9fff"),
)
"""Encodings of East Asia that Windows uses, each with the range that its letters come from."""
_ONE_BYTE: Final = (
    ("cp1256", "\u0600", "\u06ff"),
    ("cp1251", "\u0400", "\u04ff"),
    ("cp1253", "\u0370", "\u03ff"),
    ("cp1255", "\u0590", "\u05ff"),
)
"""Encodings of one byte for other alphabets. Their words are runs of bytes that in Western text are rare accents."""
_WORD: Final = re.compile(rb"[\x80-\xff]{3,}")
_BEYOND: Final = bytes(range(0x80, 0x100))
_ENOUGH: Final = 0.9
"""Share of a text's letters beyond ASCII that must come from the range of an encoding."""


def decode_text(data: bytes, name: str) -> tuple[str, str]:
    """Return the text of a file without its byte order mark, and the encoding that it was read in.

    Raises BadRequest if the file is not text.
    """
    for encoding in _candidates(data):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        return text, encoding.removesuffix("-sig")
    detail = f"{name}: this is not a text file. Save it as CSV in UTF-8."
    raise BadRequest(detail, faults=[Fault(detail)])


def _candidates(data: bytes) -> list[str]:
    """Return the encodings that may fit, the likeliest first."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return [encoding]
    head = data[:4096]
    if head.count(0) > len(head) // 4:
        return ["utf-16-le" if head[1::2].count(0) > head[::2].count(0) else "utf-16-be"]
    return ["utf-8", *_by_letters(data), "cp1252", "latin-1"]


def _by_letters(data: bytes) -> list[str]:
    """Return the encoding of another alphabet if the file's words are made of its letters."""
    words = b" ".join(_WORD.findall(data))
    beyond = len(data) - len(data.translate(None, _BEYOND))
    if not words or len(words) * 2 < beyond:
        return []
    for encoding, first, last in (*_MULTI_BYTE, *_ONE_BYTE):
        try:
            letters = [letter for letter in data.decode(encoding) if letter > "\x7f" and letter.isalpha()]
        except UnicodeDecodeError:
            continue
        if letters and sum(first <= letter <= last for letter in letters) >= _ENOUGH * len(letters):
            return [encoding]
    return []
