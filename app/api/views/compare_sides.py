"""The two levels of a comparison: resolved from path and query, and loaded."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any, Final

from fastapi import Request
from pydantic import BaseModel, ConfigDict, Field

from app.api.reading.missing import find_present
from app.api.reading.path_parameters import AnyRelease
from app.api.reading.patterns import LEVEL
from app.api.reading.queries import wrong_value
from app.api.reading.reader import serving_of
from app.api.reading.urls import Urls, with_query
from app.errors import Fault, NotFound
from app.rubric.compare.comparison import Comparison, Side
from app.rubric.ladder import Level
from app.rubric.releases import Release
from app.rubric.suggest import did_you_mean
from app.rubric.views.demands import Demands
from app.serving.answers.answer import Answer, answer_of
from app.serving.releases.catalog import Reference
from app.serving.releases.database import Database
from app.serving.releases.loaded_releases import DRAFT, Loaded
from app.serving.serving import Serving

_MOST_RANKS: Final = 20
"""Most ranks that an error lists."""

LevelName = Annotated[str, Field(pattern=LEVEL, max_length=330)]


class LevelsQuery(BaseModel):
    """Query parameters that name the two levels."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    from_: Annotated[
        LevelName | None,
        Field(
            alias="from",
            description="The first level: a slug (`l4`) or a track and a rank (`management/5`). To use a level of "
            "another ladder or release, put the ladder in front: `example-engineering@1.0.0:l4`, "
            "`netflix-engineering:l5`, `example-engineering@draft:l4`. Default: the next level below `to`.",
        ),
    ] = None
    to: Annotated[LevelName, Field(description="The second level, in the same format.")]


@dataclass(frozen=True)
class Named:
    """One of the two levels, with its ladder."""

    loaded: Loaded
    side: Side
    urls: Urls

    @property
    def level(self) -> Level:
        """The level."""
        return self.side.level

    @property
    def known(self) -> tuple[Loaded, Side]:
        """The arguments that a comparison needs."""
        return self.loaded, self.side


@dataclass(frozen=True)
class Compared:
    """Two levels, each with its loaded ladder."""

    root: str
    serving: Serving
    answer: Answer
    reference: str
    """The ladder as written in the URL."""
    home: Loaded
    """The ladder of the URL, loaded."""
    before: Named
    after: Named

    @cached_property
    def comparison(self) -> Comparison:
        """The comparison of the two levels."""
        return self.serving.comparisons.get(self.before.known, self.after.known)

    @cached_property
    def urls(self) -> Urls:
        """URLs of the ladder in the URL."""
        return Urls(self.root, self.home.slug, self.home.label)

    @cached_property
    def pinned(self) -> Mapping[str, str]:
        """The query parameters that pin the two levels to their releases."""
        return {"from": self._name(self.before), "to": self._name(self.after)}

    @property
    def identity(self) -> str:
        """The identity of the list, for cursors: these levels of these contents."""
        contents = (self.before.loaded.content_sha256, self.after.loaded.content_sha256)
        return f"{self.root}/compare#{self.pinned}#{contents}"

    def links(self, asked: Mapping[str, Any], extension: str = "") -> dict[str, str]:
        """Return the links of a page of the comparison."""
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
        """The link to a radar chart of both levels, if they are in one release."""
        if self.before.urls != self.after.urls:
            return {}
        radar = f"{self.before.urls.pinned}/levels/{self.before.level.slug}/radar.svg"
        return {"radar": with_query(radar, {"with": self.after.level.slug})}

    def relate(self, links: Mapping[str, str]) -> None:
        """Add links to other versions (RFC 5829) if the response is pinned. `links` are those of the body."""
        if self.answer.pinned:
            self.answer.links += [
                ("canonical", self.serving.settings.absolute(links["pinned"])),
                ("latest-version", links["current"]),
                ("version-history", f"{self.urls.current}/releases"),
            ]

    def _name(self, named: Named) -> str:
        slug = named.level.slug
        if (named.urls.ladder, named.urls.release) == (self.urls.ladder, self.urls.release):
            return slug
        return f"{named.urls.ladder}@{named.urls.release}:{slug}"


async def admitted(request: Request, ladder: AnyRelease) -> None:
    """Check that the caller may read the ladder in the URL, before the parameters are checked.

    Raises Unauthenticated or Forbidden for a draft that the caller may not read.
    """
    reference = Reference.parse(ladder)
    if reference.selector == DRAFT:
        answer_of(request.scope).open_draft(reference.slug)


def compared_of(request: Request, ladder: str, query: LevelsQuery) -> Compared:
    """Return the two levels of a request. Every ladder in path and query is resolved before any is read.

    Raises:
        Unauthenticated: One is in a draft, and the request has no credentials.
        Forbidden: One is in a draft that the caller may not read.
        NotFound: The ladder or release does not exist.
        InvalidParameter: A ladder has no such level, or `from` is left out and no level is below `to`.
        Unavailable: One is not loaded, and the database cannot be reached.
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
    """Split a parameter into its ladder, by default that of the URL, and its level."""
    reference, colon, name = text.rpartition(":")
    return (reference if colon else ladder), name


class _Ladders:
    """The ladders of one request, each resolved and loaded once."""

    def __init__(self, serving: Serving, answer: Answer) -> None:
        self.answer = answer
        self.root = serving.settings.root_path
        self._serving = serving
        self._releases: dict[str, Release | None] = {}
        self._loaded: dict[str, Loaded] = {}

    def resolve(self, text: str, parameter: str | None = None) -> None:
        """Resolve a reference, and record that the response depends on it. A draft has no release."""
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
                self.answer.reads.clear()  # a hidden ladder gets the same error as one that does not exist
            raise type(error)(error.detail, faults=[Fault(error.detail, None, parameter)]) from None

    def load(self, text: str) -> Loaded:
        """Return a ladder that was resolved, loaded."""
        if text not in self._loaded:
            release = self._releases[text]
            self._loaded[text] = (
                self._serving.drafts.get(self.answer.catalog, text.partition("@")[0])
                if release is None
                else self._serving.loaded.get(release)
            )
        return self._loaded[text]

    def level(self, parameter: str, reference: str, name: str) -> Named:
        """Return the level that a parameter names, by slug or by track and rank. Raises InvalidParameter."""
        loaded = self.load(reference)
        track, slash, last = name.rpartition("/")
        database = self._serving.database
        if slash:
            level = _at_rank(database, parameter, loaded, track, last)
        else:
            level = _by_slug(database, parameter, loaded, last)
        return self._named(loaded, level)

    def below(self, reference: str, named: Named) -> Named:
        """Return the next level below. Raises InvalidParameter if the level is the lowest."""
        rungs = named.side.effectives.inheritance.below(named.level.slug)
        if not rungs:
            raise wrong_value(
                "from",
                f"{named.level.slug!r} is the lowest level of its track. Set `from` to the level to compare with.",
            )
        return self._named(self.load(reference), rungs[0])

    def _named(self, loaded: Loaded, level: Level) -> Named:
        return Named(
            loaded,
            Side(loaded.index.once(Demands), level),
            Urls(self.root, loaded.slug, loaded.label),
        )


def _by_slug(database: Database, parameter: str, loaded: Loaded, slug: str) -> Level:
    found = find_present(database, loaded, "level", slug)
    if found is not None:
        return loaded.index.levels[found.address]
    suggestion = did_you_mean(slug, loaded.index.levels)
    raise wrong_value(parameter, f"{loaded.slug}@{loaded.label} has no level {slug[:80]!r}.{suggestion}")


def _at_rank(database: Database, parameter: str, loaded: Loaded, track: str, rank: str) -> Level:
    index, found = loaded.index, find_present(database, loaded, "track", track)
    track = track if found is None else found.address
    if track not in index.levels_of:
        suggestion = did_you_mean(track, index.levels_of)
        raise wrong_value(
            parameter, f"{loaded.slug}@{loaded.label} has no track {track[:80]!r} with levels.{suggestion}"
        )
    levels = index.levels_of[track]
    for level in levels:
        if index.ranks[level.slug] == float(rank):
            return level
    known = ", ".join(str(index.ranks[level.slug]) for level in levels[:_MOST_RANKS])
    raise wrong_value(parameter, f"The track {track!r} has no level with rank {rank}. Its ranks: {known}.")
