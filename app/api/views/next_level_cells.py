"""How the possible next levels are written: what many of them share, once."""

from collections.abc import Collection
from typing import Any

from pydantic_core import to_json

from app.api.reading.bodies import narrowed
from app.api.reading.json_parts import Parts, listed, shaped, written
from app.api.reading.urls import Urls
from app.api.views.cell_bodies import CellLinks, named, whereabouts
from app.api.views.next_level_bodies import GapCell, GapPart, Mention, NextItem, NextItemLinks
from app.rubric.entities import Node
from app.rubric.index import Index
from app.rubric.ladder import Level
from app.rubric.views.effective import Place
from app.rubric.views.gap import CellGap, Part
from app.rubric.views.next_level import NextLevel
from app.rubric.views.next_level_text import step_name


class NextBodies:
    """Possible next levels as a list holds them."""

    def __init__(self, index: Index, urls: Urls, parts: Parts, fields: Collection[str]) -> None:
        """Take the release, what was written of it before, and the properties to keep, all where none is named."""
        self.index, self.urls, self.home, self.fields = index, urls, urls.pinned, frozenset(fields)
        self._parts = parts

    def item(self, here: Level, one: NextLevel) -> bytes:
        """A possible next level, seen from the one somebody is on."""
        level, track = one.move.level, self.index.tracks.get(one.move.level.track)
        home = f"{self.home}/levels/{level.slug}"
        values: dict[str, Any] = {
            "level": level.slug,
            "code": level.code,
            "title": level.title,
            "track": level.track,
            "track_title": None if track is None else track.title,
            "effective_rank": self.index.ranks[level.slug],
            "how": one.move.how,
            "rank": one.move.rank,
            "counts": {**one.gap.counts, "statements": one.gap.statements, "steps": one.gap.steps},
            "points_here": one.points_here,
            "points": one.points,
            "faqs": [_mention(self.urls, node) for node in one.faqs],
            "tips": [_mention(self.urls, node) for node in one.tips],
        }
        if not self.fields or "cells" in self.fields:  # most of the work
            values["cells"] = listed(map(self._cell, one.gap.cells))
        links = {
            "self_": home,
            "effective": f"{home}/effective",
            "next": f"{home}/next",
            "compare": f"{self.home}/compare?from={here.slug}&to={level.slug}",
        }
        kept = narrowed(NextItem, values, self.fields)
        return written(NextItem, {**kept, "links": shaped(NextItemLinks, links)})

    def _cell(self, cell: CellGap) -> bytes:
        """A cell. What is said of it in words is the same for many pairs of levels."""
        place = cell.competency, cell.facet
        steps = cell.applicability_here, cell.applicability, cell.step_here, cell.step
        key = GapCell, place, cell.change, steps
        begun = self._parts.get(key, self._begun, cell)
        added, dropped = (b",".join(map(self._part, parts)) for parts in (cell.added, cell.dropped))
        growth = to_json(cell.growth, exclude_none=True) if cell.growth else b"[]"
        rest = begun[:-1], added, dropped, growth, self._links(place)
        return b'%b,"added":[%b],"dropped":[%b],"growth":%b,"links":%b}' % rest

    def _begun(self, cell: CellGap) -> bytes:
        place = cell.competency, cell.facet
        values: dict[str, Any] = {
            **named(self.index, place),
            "change": cell.change,
            "applicability_here": cell.applicability_here,
            "applicability": cell.applicability,
            "step_here": cell.step_here,
            "step_here_title": step_name(self.index, *place, cell.step_here),
            "step": cell.step,
            "step_title": step_name(self.index, *place, cell.step),
            "rise": cell.rise,
        }
        return written(GapCell, values)

    def _links(self, place: Place) -> bytes:
        return self._parts.get((CellLinks, place), self._led, place)

    def _led(self, place: Place) -> bytes:
        return written(CellLinks, whereabouts(self.home, place))

    def _part(self, part: Part) -> bytes:
        """What an expectation adds or drops, which is most often all of it, and so the same for many levels."""
        said = tuple(map(id, part.statements))  # which live as long as the release
        key = GapPart, id(part.held.expectation), part.held.how, part.summary is None, said
        return self._parts.get(key, self._written, part)

    def _written(self, part: Part) -> bytes:
        address = part.held.address
        values = {
            "expectation": address,
            "level": part.held.expectation.level,
            "how": part.held.how,
            "summary": part.summary,
            "statements": part.statements,
            "links": {"self": f"{self.home}/expectations/{address}"},
        }
        return written(GapPart, values)


def _mention(urls: Urls, node: Node) -> dict[str, Any]:
    title = getattr(node.entity, "question", None) or getattr(node.entity, "title", "")
    return shaped(Mention, {"slug": node.address, "title": title, "links": {"self": urls.of(node)}})
