"""Strategies for the scalar types of the model: texts, lines, numbers, slugs, as odd as they may be."""

from typing import Final
from urllib.parse import quote

from hypothesis import strategies as st

_ODD_TEXTS: Final = (
    "Leads work across teams.",
    "",
    " ",
    "two  spaces, no\u00a0break, zero\u200bwidth, \u2028separator",
    " leading and trailing\t",
    "several\nlines\n\n",
    "old\r\nline\rends",
    "cafe\u0301 is not café",
    "日本語のレベル",
    "مستوى 😀 \U0001f9d1\u200d\U0001f4bb",
    "\ufeffmark",
    "- [x] # yaml: {no: 'list'} & *alias | > % @ `",
    "yes",
    "null",
    "007",
    "1e3",
    "2026-03-31",
    "=SUM(A1)",
    "<b>&amp;</b> \"quoted\" 'twice' \\n C++",
    "---\n...\n",
    "\x07\x1b\x7f\x85\ufffe\uffff",
)
_ANY_TEXT: Final = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)

texts: Final = st.one_of(st.sampled_from(_ODD_TEXTS), _ANY_TEXT)
"""Any text the model holds; old line ends become LF when it is read."""

lines: Final = texts.map(lambda text: text if any(char.isalnum() for char in text) else f"{text}T")
"""Text that says something."""

urls: Final = lines.map(lambda line: f"https://example.org/{quote(line)}")
"""URLs, with any text in the path."""

numbers: Final = st.one_of(
    st.integers(-2, 40),
    st.sampled_from([0.5, 1.5, -0.0, 3.0, 0.1 + 0.2, 1e-7, 5e-324, 1e15, 2**53 - 1, -(2**53) + 1]),
    st.floats(-1e6, 1e6),
)
"""Any number the model holds."""

slugs: Final = st.sampled_from(["l5", "a", "system-design", "x-1", "0", "ic", "long-" * 18 + "name"])
"""Slugs; an author makes them unique by a number."""

days: Final = st.dates().map(lambda day: day.isoformat())
languages: Final = st.sampled_from(["de", "pt-BR", "zh-Hans", "es-419"])
