"""The colours of pictures, light and dark.

Told apart by the colour-blind: what is compared is blue and orange and differs in line and fill as well; what is more
is darker in one hue (in the dark: lighter), with a number in it. Every text stands out from its ground by 4.5 to 1
(WCAG 2.2, 1.4.3).
"""

from collections.abc import Sequence
from typing import Final, Literal

Theme = Literal["auto", "light", "dark"]
"""Auto is light, or dark if the reader's system is dark."""

SHADES: Final = 7
"""The number of shades in a heat map."""
_LIGHT: Final = {
    "paper": "#ffffff",
    "card": "#f5f7f9",
    "line": "#d3d8de",
    "quiet": "#56606a",
    "ink": "#1c2024",
    "first": "#0b5cad",
    "second": "#a64200",
}
_DARK: Final = {
    "paper": "#15181b",
    "card": "#1d2226",
    "line": "#39414a",
    "quiet": "#a3adb7",
    "ink": "#eceff2",
    "first": "#6cb0f5",
    "second": "#f2a663",
}
_LIGHT_SHADES: Final = ("#edf3fa", "#d5e4f4", "#b2cfeb", "#88b5de", "#5f9ad0", "#2b6fb0", "#124b86")
_DARK_SHADES: Final = ("#1d2733", "#1f3350", "#24456f", "#2c5a92", "#3a6fae", "#76a9de", "#abcff3")
_ON_LIGHT: Final = ("#1c2024",) * 5 + ("#ffffff",) * 2
_ON_DARK: Final = ("#eceff2",) * 3 + ("#ffffff",) * 2 + ("#0d141c",) * 2


def _numbered(name: str, colours: Sequence[str]) -> dict[str, str]:
    return {f"{name}{place}": colour for place, colour in enumerate(colours)}


PALETTES: Final[dict[str, dict[str, str]]] = {
    "light": _LIGHT | _numbered("heat", _LIGHT_SHADES) | _numbered("on", _ON_LIGHT),
    "dark": _DARK | _numbered("heat", _DARK_SHADES) | _numbered("on", _ON_DARK),
}
"""The colour of each paint. `heat3` is the fourth shade of a heat map, and `on3` the text on it."""


def shade_of(share: float) -> int:
    """Return the shade for a share of the most possible. Only zero has the palest."""
    return min(SHADES - 1, max(0, round(share * (SHADES - 1)))) or (1 if share > 0 else 0)
