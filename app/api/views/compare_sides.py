"""The two levels of a comparison: which they are, by path and query, and both in memory."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any, Final

from fastapi import Request
from pydantic import BaseModel, ConfigDict, Field

from app.api.reading.patterns import LEVEL
from app.api.reading.queries import wrong_value
from app.api.reading.reader import serving_of
from app.api.reading.urls import Urls, with_query
from app.errors import Fault, NotFound
from app.rubric.compare.comparison import Comparison, Side
from app.rubric.ladder import Level
from app.rubric.releases import Release
from app.rubric.views.effective import Effectives
from app.serving.answers.answer import Answer, answer_of
from app.serving.releases.catalog import Reference, did_you_mean
from app.serving.releases.loaded import DRAFT, Loaded
from app.serving.serving import Serving

_MOST_RANKS: Final = 20
"""How many ranks an error lists."""

LevelName = Annotated[str, Field(pattern=LEVEL, max_length=330)]


class LevelsQuery(BaseModel):
    """Which two levels are compared."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    from_: Annotated[
        LevelName | None,
        Field(
            alias="from",
            description="The level before: its slug (`l4`), or a track and a rank (`management/5`). Of another "
            "ladder, or another release, with that in front: `example-engineering@1.0.0:l4`, "
            "`netflix-engineering:l5`, `example-engineering@draft:l4`. Default: the next rung below `to`.",
        ),
    ] = None
    to: Annotated[LevelName, Field(description="The level after, named in the same way.")]


@dataclass(frozen=True)
class Named:
    """One side: a level, and the ladder it was found in."""

    loaded: Loaded
    side: Side
    urls: Urls

    @property
    def level(self) -> Level:
        """The level."""
        return self.side.level

    @property
    def known(self) -> tuple[Loaded, Side]:
        """What a comparison needs to know of it."""
        return self.loaded, self.side


@dataclass(frozen=True)
class Compared:
    """Two levels, each with its ladder in memory."""

    root: str
    serving: Serving
    answer: Answer
    reference: str
    """The ladder as the path names it."""
    home: Loaded
    """The ladder that the path means, in memory."""
    before: Named
    after: Named

    @cached_property
    def comparison(self) -> Comparison:
        """The two side by side."""
        return self.serving.comparisons.get(self.before.known, self.after.known)

    @cached_property
    def urls(self) -> Urls:
        """URLs of the ladder that the path means."""
        return Urls(self.root, self.home.ladder.slug, self.home.label)

    @cached_property
    def pinned(self) -> Mapping[str, str]:
        """The parameters that name these two levels for ever; those of a draft, in the draft."""
        return {"from": self._name(self.before), "to": self._name(self.after)}

    @property
    def identity(self) -> str:
        """What a cursor is good for: these levels of these contents."""
        contents = (self.before.loaded.content_sha256, self.after.loaded.content_sha256)
        return f"{self.root}/compare#{self.pinned}#{contents}"

    def links(self, asked: Mapping[str, Any], extension: str = "") -> dict[str, str]:
        """The links of a page of the comparison."""
        here, again = f"/compare{extension}", {name: said for name, said in asked.items() if name != "cursor"}
        pinned = self.urls.pinned
        return {
            "self_": with_query(f"{self.root}/v1/ladders/{self.reference}{here}", asked),
            "current": with_query(self.urls.current + here, again),
            "pinned": with_query(pinned + here, {**asked, **self.pinned}),
            "markdown": with_query(f"{pinned}/compare.md", self.pinned),
            "csv": with_query(f"{pinned}/compare.csv", self.pinned),
            **self._radar,
        }

    @property
    def _radar(self) -> dict[str, str]:
        """The link to the picture of both, which is there for levels of one release."""
        if self.before.urls != self.after.urls:
            return {}
        radar = f"{self.before.urls.pinned}/levels/{self.before.level.slug}/radar.svg"
        return {"radar": with_query(radar, {"with": self.after.level.slug})}

    def relate(self, links: Mapping[str, str]) -> None:
        """Link a pinned answer, whose own links these are, to its other versions (RFC 5829)."""
        if self.answer.pinned:
            self.answer.links += [
                ("canonical", links["pinned"]),
                ("latest-version", links["current"]),
                ("version-history", f"{self.urls.current}/releases"),
            ]

    def _name(self, named: Named) -> str:
        slug = named.level.slug
        if (named.urls.ladder, named.urls.release) == (self.urls.ladder, self.urls.release):
            return slug
        return f"{named.urls.ladder}@{named.urls.release}:{slug}"


async def admitted(request: Request, ladder: str) -> None:
    """See that the caller may read what the path names, before the parameters are looked at.

    Raises Unauthenticated or Forbidden where it is a draft that they may not read.
    """
    reference = Reference.parse(ladder)
    if reference.selector == DRAFT:
        answer_of(request.scope).open_draft(reference.slug)


def compared_of(request: Request, ladder: str, query: LevelsQuery) -> Compared:
    """The two levels that a request names. Every ladder that path and query name is resolved before any is read.

    Raises:
        Unauthenticated: One is of a draft, and nobody knows who asks.
        Forbidden: One is of a draft that the caller may not read.
        NotFound: There is no such ladder or release.
        InvalidParameter: A ladder has no such level, or none is below `to` where `from` is left out.
        Unavailable: One is not in memory, and the database is away.
    """
    serving = serving_of(request)
    found = _Ladders(serving, answer_of(request.scope))
    given = {"from": query.from_, "to": query.to}
    named = {name: _split(text, ladder) for name, text in given.items() if text is not None}
    found.resolve(ladder)
    for parameter, (reference, _) in named.items():
        found.resolve(reference, parameter)
    after = found.level("to", *named["to"])
    before = found.level("from", *named["from"]) if "from" in named else found.below(named["to"][0], after)
    return Compared(found.root, serving, found.answer, ladder, found.load(ladder), before, after)


def _split(text: str, ladder: str) -> tuple[str, str]:
    """The ladder that a parameter names, or else that of the path; and the level as it is named."""
    reference, colon, name = text.rpartition(":")
    return (reference if colon else ladder), name


class _Ladders:
    """Ladders as one request names them, each resolved and loaded once, and the levels in them."""

    def __init__(self, serving: Serving, answer: Answer) -> None:
        self.answer = answer
        self.root = serving.settings.root_path
        self._serving = serving
        self._releases: dict[str, Release | None] = {}
        self._loaded: dict[str, Loaded] = {}

    def resolve(self, text: str, parameter: str | None = None) -> None:
        """Find out what a reference means, and note that the answer depends on it; a draft has no release."""
        if text in self._releases:
            return
        reference = Reference.parse(text)
        if reference.selector == DRAFT:
            self.answer.open_draft(reference.slug)
            self._releases[text] = None
            return
        try:
            self._releases[text] = self.answer.resolve(text).release
        except NotFound as error:
            if parameter is None:
                raise
            if reference.slug not in self.answer.catalog.releases:
                self.answer.reads.clear()  # one that is hidden is refused like one that never was: by nobody's name
            raise type(error)(error.detail, faults=[Fault(error.detail, None, parameter)]) from None

    def load(self, text: str) -> Loaded:
        """A ladder that was resolved, in memory."""
        if text not in self._loaded:
            release = self._releases[text]
            self._loaded[text] = (
                self._serving.drafts.get(self.answer.catalog, text.partition("@")[0])
                if release is None
                else self._serving.loaded.get(release)
            )
        return self._loaded[text]

    def level(self, parameter: str, reference: str, name: str) -> Named:
        """The level that a parameter names, by its slug or by track and rank. Raises InvalidParameter."""
        loaded = self.load(reference)
        track, slash, last = name.rpartition("/")
        level = _at_rank(parameter, loaded, track, last) if slash else _by_slug(parameter, loaded, last)
        return self._named(loaded, level)

    def below(self, reference: str, named: Named) -> Named:
        """The next rung below a level. Raises InvalidParameter where it is the lowest."""
        rungs = named.side.effectives.inheritance.below(named.level.slug)
        if not rungs:
            raise wrong_value(
                "from",
                f"{named.level.slug!r} is the lowest rung of its track. Name what to compare it with as `from`.",
            )
        return self._named(self.load(reference), rungs[0])

    def _named(self, loaded: Loaded, level: Level) -> Named:
        return Named(
            loaded,
            Side(loaded.index.once(Effectives), level),
            Urls(self.root, loaded.ladder.slug, loaded.label),
        )


def _by_slug(parameter: str, loaded: Loaded, slug: str) -> Level:
    level = loaded.index.levels.get(slug)
    if level is not None:
        return level
    now = loaded.index.find_renamed("level", slug)
    meant = (
        did_you_mean(slug, loaded.index.levels)
        if now is None
        else f" It has another slug now: {now.address!r}."
    )
    raise wrong_value(parameter, f"{loaded.ladder.slug}@{loaded.label} has no level {slug[:80]!r}.{meant}")


def _at_rank(parameter: str, loaded: Loaded, track: str, rank: str) -> Level:
    index = loaded.index
    if track not in index.levels_of:
        meant = did_you_mean(track, index.levels_of)
        raise wrong_value(
            parameter, f"{loaded.ladder.slug}@{loaded.label} has no levels on a track {track[:80]!r}.{meant}"
        )
    levels = index.levels_of[track]
    for level in levels:
        if index.ranks[level.slug] == float(rank):
            return level
    known = ", ".join(str(index.ranks[level.slug]) for level in levels[:_MOST_RANKS])
    raise wrong_value(parameter, f"The track {track!r} has no level of rank {rank}. Its ranks: {known}.")
