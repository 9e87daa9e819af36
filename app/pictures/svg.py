"""A canvas that becomes the text of an SVG: no script, nothing loaded, the same bytes each time.

Every colour is written at the element itself, so that a picture is whole where style sheets are taken out. Where
it follows the system of whoever looks, one style sheet turns the colours to dark ones.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from html import escape
from math import ceil
from typing import Final, Literal

from app.pictures.fonts import BOLD, REGULAR, STACK, width
from app.pictures.palette import PALETTES, Theme
from app.pictures.text_fitting import Fitted, clean, fit, rightward

POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
"""Content-Security-Policy of a picture that is opened as a page."""
MARGIN: Final = 24.0
SPARE: Final = 1.25
"""The ratio by which a reader's font may be wider than the bundled one. A text with less room is set to the measured
width."""
_LONGEST_DESCRIPTION: Final = 2000
Anchor = Literal["start", "middle", "end"]


@dataclass(frozen=True, slots=True)
class Style:
    """The size, weight, colour and alignment of a text."""

    size: float = 13.0
    weight: int = REGULAR
    paint: str = "ink"
    anchor: Anchor = "start"

    @property
    def leading(self) -> float:
        """The distance from one line to the next."""
        return round(self.size * 1.32, 1)

    def fit(self, text: str, room: float, lines: int = 1) -> Fitted:
        """Return the text in lines of at most that width."""
        return fit(text, room, self.size, self.weight, lines)

    def width(self, line: str) -> float:
        """Return the width of a line."""
        return width(line, self.size, self.weight)


TITLE: Final = Style(20, BOLD)
SUBTITLE: Final = Style(13, REGULAR, "quiet")
LABEL: Final = Style(13)
STRONG: Final = Style(13, BOLD)
SMALL: Final = Style(11.5, REGULAR, "quiet")


@dataclass(frozen=True, slots=True)
class Paint:
    """The colours of a shape, as names of the palette; None for no colour."""

    fill: str | None = None
    stroke: str | None = None
    width: float = 1.0
    dash: str | None = None
    opacity: float | None = None
    """The opacity of the fill."""


class Canvas:
    """A picture while it is drawn."""

    def __init__(self, wide: float, theme: Theme) -> None:
        self.wide = wide
        self.high = 0.0
        """The height of the picture. It is set once everything is drawn."""
        self._theme = theme
        self._colours = PALETTES["dark" if theme == "dark" else "light"]
        self._drawn: list[str] = []
        self._used: set[tuple[str, str]] = set()

    def rect(
        self, box: tuple[float, float, float, float], paint: Paint, r: float = 0, hint: str = ""
    ) -> None:
        """Draw a rectangle: left, top, width, height. `hint` is its tooltip."""
        x, y, w, h = box
        self._shape(
            "rect", f'x="{num(x)}" y="{num(y)}" width="{num(w)}" height="{num(h)}"' + _round(r), paint, hint
        )

    def circle(self, x: float, y: float, r: float, paint: Paint, hint: str = "") -> None:
        """Draw a circle."""
        self._shape("circle", f'cx="{num(x)}" cy="{num(y)}" r="{num(r)}"', paint, hint)

    def path(self, drawn: str, paint: Paint, hint: str = "") -> None:
        """Draw a path in the syntax of SVG."""
        self._shape("path", f'd="{drawn}"', paint, hint)

    def line(self, x1: float, y1: float, x2: float, y2: float, paint: Paint) -> None:
        """Draw a straight line."""
        self._shape("path", f'd="M{num(x1)} {num(y1)}L{num(x2)} {num(y2)}"', paint, "")

    def write(self, text: str, x: float, y: float, style: Style, room: float, lines: int = 1) -> float:
        """Write a text of at most that width, its first base line at y. Return the base line below the last."""
        return self.set(style.fit(text, room, lines), x, y, style, room)

    def set(self, fitted: Fitted, x: float, y: float, style: Style, room: float) -> float:
        """Write a fitted text. A shortened text has the full text as its tooltip."""
        if fitted.cut:
            self._drawn.append(f"<g><title>{escape(fitted.full)}</title>")
        for line in fitted.lines:
            self._text(line, x, y, style, room)
            y += style.leading
        if fitted.cut:
            self._drawn.append("</g>")
        return y

    def turned(self, text: str, x: float, y: float, style: Style, room: float) -> None:
        """Write a text upwards from a point on its base line."""
        fitted = style.fit(text, room)
        self._drawn.append(f'<g transform="translate({num(x)} {num(y)}) rotate(-90)">')
        self.set(fitted, 0, 0, style, room)
        self._drawn.append("</g>")

    def heading(self, title: str, below: Iterable[str] = ()) -> float:
        """Write the title and the lines below it. Return the y where the picture can begin."""
        room = self.wide - 2 * MARGIN
        y = self.write(title, MARGIN, MARGIN + 18, TITLE, room, lines=2) - 4
        for text in below:
            y = self.write(text, MARGIN, y, SUBTITLE, room, lines=2)
        return y + 6

    def render(self, name: str, title: str, description: str) -> str:
        """Return the text of the SVG. `name` makes its ids unique on a page with several pictures."""
        title, description = clean(title), clean(description[:_LONGEST_DESCRIPTION])
        self.high = ceil(self.high)
        size = f'width="{num(self.wide)}" height="{num(self.high)}" viewBox="0 0 {num(self.wide)} {num(self.high)}"'
        background = Paint("paper", "line")
        inside, self._drawn = self._drawn, []
        self.rect((0.5, 0.5, self.wide - 1, self.high - 1), background, 8)
        return "".join(
            (
                f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img"',
                f' aria-labelledby="{name}-title {name}-desc" font-family="{STACK}">',
                f'<title id="{name}-title">{escape(title)}</title>',
                f'<desc id="{name}-desc">{escape(description)}</desc>',
                self._style(),
                *self._drawn,
                *inside,
                "</svg>\n",
            )
        )

    def _text(self, line: str, x: float, y: float, style: Style, room: float) -> None:
        measured = style.width(line)
        held = ""
        if measured * SPARE > room and len(line) > 1:
            held = f' textLength="{num(measured)}" lengthAdjust="spacingAndGlyphs"'
        anchor = "" if style.anchor == "start" else f' text-anchor="{style.anchor}"'
        weight = "" if style.weight == REGULAR else f' font-weight="{style.weight}"'
        shown = f"\u2067{line}\u2069" if rightward(line) else line
        self._drawn.append(
            f'<text x="{num(x)}" y="{num(y)}" font-size="{num(style.size)}"{weight}{anchor}'
            f"{self._coloured(style.paint, None)}{held}>{escape(shown, quote=False)}</text>"
        )

    def _shape(self, name: str, where: str, paint: Paint, hint: str) -> None:
        painted = self._coloured(paint.fill, paint.stroke)
        if paint.stroke is not None:
            painted += f' stroke-width="{num(paint.width)}"' if paint.width != 1 else ""
            painted += f' stroke-dasharray="{paint.dash}"' if paint.dash else ""
        if paint.opacity is not None:
            painted += f' fill-opacity="{num(paint.opacity)}"'
        inside = f"><title>{escape(clean(hint))}</title></{name}>" if hint else "/>"
        self._drawn.append(f"<{name} {where}{painted}{inside}")

    def _coloured(self, fill: str | None, stroke: str | None) -> str:
        """Return the colours as attributes, and the classes by which the style sheet changes them."""
        classes = []
        for letter, paint in (("f", fill), ("s", stroke)):
            if paint is not None:
                classes.append(f"{letter}-{paint}")
                self._used.add((letter, paint))
        named = f' class="{" ".join(classes)}"' if classes and self._theme == "auto" else ""
        filled = f' fill="{self._colours[fill]}"' if fill is not None else ' fill="none"'
        stroked = f' stroke="{self._colours[stroke]}"' if stroke is not None else ""
        return named + filled + stroked

    def _style(self) -> str:
        if self._theme != "auto":
            return ""
        names = {"f": "fill", "s": "stroke"}
        rules = "".join(
            f".{letter}-{paint}{{{names[letter]}:{PALETTES['dark'][paint]}}}"
            for letter, paint in sorted(self._used)
        )
        return f"<style>@media (prefers-color-scheme:dark){{{rules}}}</style>"


def num(number: float) -> str:
    """Return a number with at most two decimals, as short as possible."""
    text = f"{number:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def ended(style: Style, anchor: Anchor) -> Style:
    """Return the same style with another alignment."""
    return replace(style, anchor=anchor)


def _round(r: float) -> str:
    return f' rx="{num(r)}"' if r else ""
