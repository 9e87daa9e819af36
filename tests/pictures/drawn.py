"""A parsed picture: its size, and every text with its box in the bundled fonts."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from xml.etree import ElementTree as ET

from app.pictures.fonts import width

SVG: Final = "{http://www.w3.org/2000/svg}"
_TURNED: Final = re.compile(r"translate\(([-0-9.]+) ([-0-9.]+)\) rotate\(-90\)")
_SLACK: Final = 0.6
"""The tolerance for rounding and touching boxes."""
_KNOWN: Final = frozenset({"svg", "title", "desc", "style", "g", "rect", "circle", "path", "text"})


@dataclass(frozen=True)
class Box:
    """A text and its box."""

    text: str
    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: "Box") -> bool:
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        return across > _SLACK and down > _SLACK


@dataclass(frozen=True)
class Drawn:
    """A picture, parsed."""

    root: ET.Element

    @classmethod
    def of(cls, svg: str) -> "Drawn":
        return cls(ET.fromstring(svg))  # noqa: S314 - our own

    @property
    def size(self) -> tuple[float, float]:
        return float(self.root.attrib["width"]), float(self.root.attrib["height"])

    @property
    def title(self) -> str:
        return self.root.findtext(f"{SVG}title") or ""

    @property
    def told(self) -> str:
        return self.root.findtext(f"{SVG}desc") or ""

    @property
    def texts(self) -> list[str]:
        return [box.text for box in self.boxes]

    @property
    def hints(self) -> list[str]:
        """The tooltips."""
        return [one.text or "" for one in self.root.iter(f"{SVG}title")][1:]

    @property
    def boxes(self) -> list[Box]:
        return list(_boxes(self.root))

    def check(self) -> "Drawn":
        """Assert the rules of every picture."""
        assert {one.tag.removeprefix(SVG) for one in self.root.iter()} <= _KNOWN
        assert not [name for one in self.root.iter() for name in one.attrib if name.startswith("on")]
        assert self.root.attrib["role"] == "img"
        ids = [one.attrib["id"] for one in self.root if "id" in one.attrib]
        assert self.root.attrib["aria-labelledby"].split() == ids
        assert self.title
        assert self.told
        self._check_texts()
        self._check_shapes()
        return self

    def _check_texts(self) -> None:
        """Assert that every text is inside the picture and overlaps no other."""
        wide, high = self.size
        ordered = sorted(self.boxes, key=lambda box: (box.top, box.left))
        for place, box in enumerate(ordered):
            inside = box.left >= 0 and box.top >= 0 and box.right <= wide and box.bottom <= high
            assert inside, (box, self.size)
            for other in ordered[place + 1 :]:
                if other.top >= box.bottom:
                    break
                assert not box.meets(other), (box, other)

    def _check_shapes(self) -> None:
        """Assert that every shape is inside the picture."""
        wide, high = self.size
        for one in self.root.iter(f"{SVG}rect"):
            x, y, w, h = (float(one.attrib[name]) for name in ("x", "y", "width", "height"))
            assert w >= 0
            assert h >= 0
            assert 0 <= x <= x + w <= wide
            assert 0 <= y <= y + h <= high
        for one in self.root.iter(f"{SVG}path"):
            assert re.fullmatch(r"[MLHVChlvcz0-9. Z-]+", one.attrib["d"]), one.attrib["d"]


def _boxes(element: ET.Element, turned: tuple[float, float] | None = None) -> Iterator[Box]:
    found = _TURNED.fullmatch(element.attrib.get("transform", ""))
    if found is not None:
        turned = float(found[1]), float(found[2])
    if element.tag == f"{SVG}text":
        yield _box(element, turned)
    for child in element:
        yield from _boxes(child, turned)


def _box(element: ET.Element, turned: tuple[float, float] | None) -> Box:
    text = (element.text or "").strip("\u2067\u2069")
    size, weight = float(element.attrib["font-size"]), int(element.attrib.get("font-weight", "400"))
    wide = width(text, size, weight)
    if "textLength" in element.attrib:
        assert abs(float(element.attrib["textLength"]) - wide) < _SLACK
    x, y = float(element.attrib["x"]), float(element.attrib["y"])
    left = x - wide * {"start": 0.0, "middle": 0.5, "end": 1.0}[element.attrib.get("text-anchor", "start")]
    up, down = 0.76 * size, 0.24 * size
    if turned is None:
        return Box(text, left, y - up, left + wide, y + down)
    right, bottom = turned
    return Box(text, right + y - up, bottom - left - wide, right + y + down, bottom - left)
