"""Levels and tracks put together from what sheets say about them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final, Literal

from app.formats.importing.findings import ImportFinding, Spot, finding
from app.formats.importing.readers.facts import LevelFact, LevelKey
from app.formats.importing.words.bullets import split_cell
from app.formats.importing.words.level_names import LevelName, parse_level, read_years
from app.formats.importing.words.slugs import Slugs
from app.rubric.ladder import Attribute, Level, Track
from app.rubric.rules.content import is_blank
from app.rubric.text import folded

Order = Literal["lowest-first", "highest-first"] | None
_MOST_YEARS: Final = 99


@dataclass
class Entry:
    """One level that is being put together."""

    track: str
    name: LevelName
    code: str | None
    spots: list[Spot] = field(default_factory=list)
    slug: str = ""
    track_slug: str = ""
    other_titles: list[str] = field(default_factory=list)
    summary: list[str] = field(default_factory=list)
    scope: list[str] = field(default_factory=list)
    years: tuple[int, int | None] | None = None
    attributes: dict[str, list[str]] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """The title of the level."""
        return self.name.title


class Levels:
    """The levels of an import, in the order of the sheets."""

    def __init__(self, keys: Iterable[LevelKey], default_track: str) -> None:
        self.default_track = default_track
        self.entries: list[Entry] = []
        self.counted: list[Spot] = []
        """The cells whose text became numbers."""
        self._of: dict[LevelKey, Entry] = {}
        keys = list(dict.fromkeys(keys))
        by_code, by_title = _titled(keys)
        known: dict[tuple[str, str, str], Entry] = {}
        for key in keys:
            name = parse_level(key.name)
            code = " ".join(key.code.split()) or name.code
            only_code = code is not None and folded(name.title) == folded(code)
            titles = by_code.get((key.track, folded(code or "")), set())
            if code is not None and only_code and len(titles) == 1:
                identity = (key.track, folded(code), next(iter(titles)))
            elif code is None and len(codes := by_title.get((key.track, folded(name.title)), set())) == 1:
                identity = (key.track, next(iter(codes)), folded(name.title))
            else:
                identity = (key.track, folded(code or ""), "" if only_code else folded(name.title))
            if identity not in known:
                known[identity] = Entry(key.track, name, code)
                self.entries.append(known[identity])
            entry = known[identity]
            entry.code = entry.code or code
            if not only_code and entry.code and folded(entry.title) == folded(entry.code):
                entry.name = name
            self._take_name(entry, name)
            self._of[key] = entry

    @staticmethod
    def _take_name(entry: Entry, name: LevelName) -> None:
        entry.years = entry.years or name.years
        lines = [line for line in name.rest.split("\n") if line and line not in entry.summary]
        entry.summary += [line for line in lines if read_years(line) is None or name.years is None]

    def find(self, key: LevelKey) -> Entry:
        """Return the level that a key names."""
        return self._of[key]

    @property
    def titles(self) -> list[str]:
        """The titles of the levels and tracks."""
        return [*(entry.title for entry in self.entries), *(entry.track for entry in self.entries)]

    def take(self, facts: Iterable[LevelFact]) -> None:
        """Take what sheets say about levels."""
        for fact in facts:
            entry = self.find(fact.level)
            entry.spots += fact.spots
            text = fact.text.strip("\n")
            if fact.part == "title":
                _take_title(entry, text)
            elif fact.part == "code":
                _take_code(entry, " ".join(text.split()), fact.label)
            elif fact.part == "years":
                if _take_years(entry, text, fact.label):
                    self.counted += fact.spots
            elif fact.part == "attribute":
                _attribute(entry, fact.label or "Attribute", text)
            else:
                texts = entry.scope if fact.part == "scope" else entry.summary
                if text not in texts:
                    texts.append(text)

    def arranged(self, order: Order) -> tuple[list[Track], list[Level], list[ImportFinding]]:
        """Return the tracks, and the levels of each from the lowest up, with what was turned round."""
        by_track: dict[str, list[Entry]] = defaultdict(list)
        for entry in self.entries:
            by_track[entry.track].append(entry)
        findings: list[ImportFinding] = []
        tracks: list[Track] = []
        levels: list[Level] = []
        track_slugs, level_slugs = Slugs(), Slugs()
        for name, entries in by_track.items():
            title = name or self.default_track
            track = track_slugs.take(title, "track")
            tracks.append(Track(slug=track, title=title))
            if _descends(entries, order):
                entries.reverse()
                spots = [spot for entry in entries for spot in entry.spots[:1]]
                text = "these levels are listed from the highest down and were turned round, lowest first."
                findings.append(finding("order-reversed", spots, text))
            for entry in entries:
                entry.track_slug = track
                entry.slug = level_slugs.take(entry.code or entry.title, f"level-{len(levels) + 1}", track)
                levels.append(_level(entry))
        return tracks, levels, findings


def _titled(
    keys: Sequence[LevelKey],
) -> tuple[dict[tuple[str, str], set[str]], dict[tuple[str, str], set[str]]]:
    """Return the titles that come with each code, and the codes that come with each title."""
    by_code: dict[tuple[str, str], set[str]] = defaultdict(set)
    by_title: dict[tuple[str, str], set[str]] = defaultdict(set)
    for key in keys:
        name = parse_level(key.name)
        code = " ".join(key.code.split()) or name.code
        if code is not None and folded(name.title) != folded(code):
            by_code[key.track, folded(code)].add(folded(name.title))
            by_title[key.track, folded(name.title)].add(folded(code))
    return by_code, by_title


def _take_title(entry: Entry, text: str) -> None:
    name = parse_level(text)
    if entry.code is None and name.code is not None and folded(name.title) == folded(name.code):
        entry.code = name.code
    elif entry.code is not None and folded(entry.title) == folded(entry.code) and name.title != name.code:
        entry.name = name
    elif folded(name.title) not in {
        folded(one) for one in (entry.title, entry.code or "", *entry.other_titles)
    }:
        entry.other_titles.append(name.title)


def _take_code(entry: Entry, text: str, label: str) -> None:
    if entry.code is None or folded(entry.code) == folded(text):
        entry.code = text
    else:
        _attribute(entry, label or "Code", text)


def _take_years(entry: Entry, text: str, label: str) -> bool:
    """Take the years in a text; return whether it says nothing else."""
    years = read_years(text)
    if years is None or (entry.years not in {None, years}) or max(years[0], years[1] or 0) > _MOST_YEARS:
        _attribute(entry, label or "Years", text)
        return False
    entry.years = years
    return True


def _attribute(entry: Entry, label: str, text: str) -> None:
    items = entry.attributes.setdefault(label, [])
    cut = split_cell(text)
    for item in [
        *([cut.lead] if cut.lead else []),
        *(part for line in cut.lines for part in (line.text, *line.examples)),
    ]:
        if item not in items:
            items.append(item)


def _descends(entries: Sequence[Entry], order: Order) -> bool:
    """Return whether levels are listed from the highest down."""
    if order is not None:
        return order == "highest-first" and len(entries) > 1
    heights = [_height(entry) for entry in entries]
    known = [height for height in heights if height is not None]
    return len(known) == len(heights) > 1 and all(a > b for a, b in pairwise(known))


def _height(entry: Entry) -> float | None:
    return parse_level(entry.code or "").height if entry.code else entry.name.height


def _level(entry: Entry) -> Level:
    summary = "\n".join(entry.summary)
    low, high = entry.years or (None, None)
    return Level(
        slug=entry.slug,
        track=entry.track_slug,
        code=entry.code,
        title=entry.title,
        other_titles=tuple(entry.other_titles),
        summary=summary or None,
        scope="\n".join(entry.scope) or None,
        attributes=tuple(
            Attribute(title=title, items=tuple(items))
            for title, items in entry.attributes.items()
            if not is_blank(title)
        ),
        years_from=low,
        years_to=high,
    )
