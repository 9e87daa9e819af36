"""The catalog, which resolves `slug`, `slug@latest` and `slug@1.2.0` to one release at a given moment.

A catalog is an immutable picture of all releases, of who may see them, and of the moment until which it may be
trusted to say what is in force. Resolving reads the catalog only: no SQL, no clock.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from itertools import chain, groupby
from typing import Final, TypeVar

from app.errors import NotFound, NothingInForce
from app.rubric.people import Account
from app.rubric.releases import (
    Release,
    Status,
    in_force,
    latest,
    next_effective,
    present_moment,
    rfc3339,
    status_of,
)
from app.rubric.suggest import did_you_mean
from app.serving.callers import ANYONE, Caller, Grant
from app.serving.releases.deprecation_headers import Headers, notices_of
from app.store.access.api_key import ApiKey
from app.store.ladder_settings import LadderSettings
from app.store.schema_version import NO_LANDMARK, Landmark

_MOST_SIGHTS: Final = 1024
"""Different sets of visible ladders that are remembered; tokens may name any number of them."""
_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class Reference:
    """A ladder as a URL names it: `selector` is None (in force now), `latest`, `draft`, or a release number."""

    slug: str
    selector: str | None

    @classmethod
    def parse(cls, text: str) -> "Reference":
        """Split `slug@selector`."""
        slug, at, selector = text.partition("@")
        return cls(slug, selector if at else None)


@dataclass(frozen=True, slots=True)
class Resolved:
    """The release that a reference means; `pinned` if the reference names its number."""

    release: Release
    pinned: bool


class _Some(Mapping[str, _Value]):
    """A mapping by original slug without the ladders that somebody may not see; it holds no copy."""

    def __init__(self, whole: Mapping[str, _Value], seen: Callable[[str], bool]) -> None:
        self._whole = whole
        self._seen = seen

    def __getitem__(self, original: str) -> _Value:
        if not self._seen(original):
            raise KeyError(original)
        return self._whole[original]

    def __iter__(self) -> Iterator[str]:
        return filter(self._seen, self._whole)

    def __len__(self) -> int:
        return sum(1 for _ in self)


class _ByName(Mapping[str, _Value]):
    """A mapping by any slug that a ladder has or had. It lists the present slugs, in order."""

    def __init__(self, catalog: "Catalog", values: Mapping[str, _Value]) -> None:
        self._catalog = catalog
        self._values = values

    def __getitem__(self, name: str) -> _Value:
        return self._values[self._catalog.original(name)]

    def __iter__(self) -> Iterator[str]:
        if not self._catalog.renamed:
            return iter(self._values)
        return iter(sorted(map(self._catalog.name, self._values)))

    def __len__(self) -> int:
        return len(self._values)


@dataclass(frozen=True)
class Catalog:
    """All releases of all ladders as of one revision, ordered by number within a ladder."""

    revision: int
    lines: Mapping[str, tuple[Release, ...]]
    """The releases of each ladder, lowest number first, by original slug."""
    moment: datetime
    """The time on the clock of this process. `moment_of` says at which moment a ladder is read."""
    keys: Mapping[str, ApiKey] = field(default_factory=dict)
    """Every API key by its id, those that are no longer valid included."""
    settings: Mapping[str, LadderSettings] = field(default_factory=dict)
    """The settings of ladders that have any, by original slug."""
    renamed: Mapping[str, str] = field(default_factory=dict)
    """Every slug that a ladder has or had and that is not its original one, with the original one."""
    landmark: Landmark = NO_LANDMARK
    """The newest release in the database."""
    generation: int = 0
    """The number of times that this process has seen the database restored. Nothing kept before is used after."""
    closed: bool = False
    """True if only callers with a right on a ladder can see it, public or not."""
    granted: Mapping[Account, tuple[Grant, ...]] = field(default_factory=dict)
    """The rights that admins granted to accounts at an issuer."""
    admitted: dict[bytes, tuple[str, str]] = field(default_factory=dict, init=False, repr=False)
    """Keys that were found valid, as they were sent: the view, and the name to be counted by.

    It holds as long as this is the newest catalog. Looking in here compares no secrets letter by letter: they are
    compared only once their seeded hashes agree.
    """
    _sights: dict[frozenset[str] | None, tuple[str, "Catalog"]] = field(default_factory=dict, init=False)
    """View and catalog of callers who may see these ladders in addition to the public ones."""

    @classmethod
    def of(
        cls,
        revision: int,
        releases: Iterable[Release],
        moment: datetime,
        keys: Iterable[ApiKey] = (),
        settings: Mapping[str, LadderSettings] | None = None,
        renamed: Mapping[str, str] | None = None,
        *,
        closed: bool = False,
        generation: int = 0,
    ) -> "Catalog":
        """Group releases by ladder. Their order does not matter."""
        ordered = sorted(releases, key=lambda release: (release.original, release.version))
        lines = {slug: tuple(line) for slug, line in groupby(ordered, key=lambda release: release.original)}
        known = {key.id: key for key in keys}
        newest = max(ordered, key=lambda release: release.id, default=None)
        landmark = NO_LANDMARK if newest is None else Landmark(newest.id, newest.content_sha256)
        other = {one.ladder: one.original for one in ordered if one.ladder != one.original}
        names = {**other, **(renamed or {})}
        return cls(revision, lines, moment, known, settings or {}, names, landmark, generation, closed)

    def original(self, name: str) -> str:
        """Return the original slug of the ladder that has or had a slug; the slug itself if it has no other."""
        return self.renamed.get(name, name)

    def name(self, slug: str) -> str:
        """Return the present slug of a ladder, that of the release that stands for it; as given if it is unknown."""
        renamed = self.original(slug) in self._renamed_ladders
        return self.shown(slug).ladder if renamed and slug in self.releases else slug

    @cached_property
    def _renamed_ladders(self) -> frozenset[str]:
        """Return the original slugs of the ladders that have or had another one."""
        return frozenset(self.renamed.values())

    def names(self, slugs: Iterable[str]) -> frozenset[str]:
        """Return these slugs, and every slug that one of their ladders has or had."""
        given = frozenset(slugs)
        originals = {self.original(slug) for slug in given}
        return given.union(originals, (name for name, one in self.renamed.items() if one in originals))

    def with_granted(self, caller: Caller) -> Caller:
        """Return the caller with the rights that admins have granted to their account by now, too."""
        granted = () if caller.account is None else self.granted.get(caller.account, ())
        return replace(caller, grants=(*caller.grants, *granted)) if granted else caller

    @cached_property
    def releases(self) -> Mapping[str, tuple[Release, ...]]:
        """Return the releases of each ladder, lowest number first, by any of its slugs."""
        return _ByName(self, self.lines)

    def status_of(self, release: Release) -> Status:
        """Return the present status of a release."""
        moment = self.moment_of(release.ladder)
        return status_of(release, self.in_force.get(release.ladder), moment)

    def moment_of(self, slug: str) -> datetime:
        """Return the moment at which a ladder is read: not before anything recorded about its releases."""
        return present_moment(self.releases.get(slug, ()), self.moment)

    def shown(self, slug: str) -> Release:
        """Return the release whose title stands for the ladder: the one in force, else the newest."""
        line = self.releases[slug]
        return self.in_force.get(slug) or latest(line, self.moment_of(slug)) or line[-1]

    def at(self, moment: datetime) -> "Catalog":
        """Return the catalog at another moment."""
        return replace(self, moment=moment)

    @cached_property
    def internal(self) -> frozenset[str]:
        """Return the original slugs of the internal ladders."""
        return frozenset(slug for slug, kept in self.settings.items() if kept.visibility == "internal")

    @cached_property
    def has_valid_key(self) -> bool:
        """Return whether any key is valid now."""
        return any(key.valid(self.moment) for key in self.keys.values())

    @cached_property
    def public_view(self) -> str:
        """Return the view of an anonymous caller."""
        return self.view(ANYONE)

    def view(self, caller: Caller) -> str:
        """Return the name of what a caller sees, and what of that needs a credential; empty if all is public."""
        return self._sight(caller)[0]

    def seen_by(self, caller: Caller) -> "Catalog":
        """Return the catalog as if the ladders that are hidden from the caller had never existed."""
        return self._sight(caller)[1]

    def _sight(self, caller: Caller) -> tuple[str, "Catalog"]:
        seen = caller.where("read")
        sight = self._sights.get(seen)
        if sight is None:
            if len(self._sights) >= _MOST_SIGHTS:
                self._sights.clear()
            view, part = self._seeing(seen)
            if self.generation:
                view = _name("restored", str(self.generation), view)
            sight = self._sights[seen] = view, part
        return sight

    def _seeing(self, seen: frozenset[str] | None) -> tuple[str, "Catalog"]:
        if self.closed:
            return ("", self) if seen is None else (_name(*sorted(seen)), self._part(seen.__contains__))
        hidden = frozenset[str]() if seen is None else self.internal - seen
        view = _name(*sorted(hidden), "/", *sorted(self.internal - hidden)) if self.internal else ""
        return view, self._part(lambda slug: slug not in hidden) if hidden else self

    def _part(self, seen: Callable[[str], bool]) -> "Catalog":
        part = replace(self, lines=_Some(self.lines, seen))
        vars(part)["_standing"] = _Some(self._standing, seen)  # found once for all
        return part

    @cached_property
    def in_force(self) -> Mapping[str, Release]:
        """Return the release in force of each ladder that has one, by any of its slugs, in order of slug."""
        return _ByName(self, self._standing)

    @cached_property
    def _standing(self) -> Mapping[str, Release]:
        """Return the release in force of each ladder that has one, by original slug."""
        pairs = ((slug, in_force(line, self.moment_of(slug))) for slug, line in self.lines.items())
        return {slug: release for slug, release in pairs if release is not None}

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """Return the languages of the releases in force without their regions, the most frequent first."""
        spoken = Counter(one.language.partition("-")[0].lower() for one in self.in_force.values())
        return tuple(sorted(spoken, key=lambda language: (-spoken[language], language)))

    @cached_property
    def notices(self) -> dict[str, Headers]:
        """Return the headers of pinned answers about deprecated and withdrawn releases, by identity."""
        return notices_of(chain.from_iterable(self.lines.values()))

    @cached_property
    def valid_until(self) -> datetime | None:
        """Return when a release comes into force or a key expires next; None if nothing is ahead."""
        dates = (next_effective(line, self.moment_of(slug)) for slug, line in self.lines.items())
        ahead = (moment for moment in dates if moment is not None)
        return min(chain(ahead, self._expiries()), default=None)

    def _expiries(self) -> Iterator[datetime]:
        """Yield when each key that is valid now expires."""
        for key in self.keys.values():
            if key.expires_at is not None and key.expires_at > self.moment:
                yield key.expires_at

    def line(self, slug: str) -> tuple[Release, ...]:
        """Return the releases of a ladder, lowest number first. Raises NotFound with near names."""
        releases = self.releases.get(slug)
        if releases is None:
            raise NotFound(f"There is no ladder {_shown(slug)}.{did_you_mean(slug, self.releases)}")
        return releases

    def resolve(self, reference: Reference) -> Resolved:
        """Find the release. Raises NotFound, or NothingInForce with the next date."""
        line = self.line(reference.slug)
        if reference.selector is None:
            release = self._in_force(reference.slug, line)
        elif reference.selector == "latest":
            release = self._latest(reference.slug, line)
        else:
            release = find_version(line, reference.selector)
        return Resolved(release, pinned=reference.selector not in (None, "latest"))

    def peek(self, reference: Reference) -> str | None:
        """Return the identity of the release that an unpinned reference means under the ladder's present slug.

        None if it means none, or if the ladder has another slug now.
        """
        if self.name(reference.slug) != reference.slug:
            return None
        if reference.selector is None:
            release = self.in_force.get(reference.slug)
        else:
            release = latest(self.releases.get(reference.slug, ()), self.moment_of(reference.slug))
        return None if release is None else release.identity

    def _in_force(self, slug: str, line: tuple[Release, ...]) -> Release:
        release = self.in_force.get(slug)
        if release is not None:
            return release
        ahead = next_effective(line, self.moment_of(slug))
        when = f"The next one comes into force at {rfc3339(ahead)}." if ahead else "None is announced."
        raise NothingInForce(f"No release of {slug!r} is in force. {when} Read {slug}@latest for the newest.")

    def _latest(self, slug: str, line: tuple[Release, ...]) -> Release:
        release = latest(line, self.moment_of(slug))
        if release is None:
            raise NothingInForce(f"All releases of {slug!r} are withdrawn. Read one by its number.")
        return release


def find_version(line: tuple[Release, ...], text: str) -> Release:
    """Return the release with a number. Raises NotFound, which lists the newest numbers."""
    for release in line:
        if str(release.version) == text:
            return release
    newest = [str(release.version) for release in line[-5:]]
    raise NotFound(
        f"{line[-1].ladder!r} has no release {_shown(text)}; releases have numbers, "
        f"and {line[-1].ladder}@latest is the newest. Newest releases: {', '.join(reversed(newest))}."
    )


def _name(*words: str) -> str:
    """Return a short name for these words, in this order, with which no path begins."""
    return hashlib.sha256(" ".join(words).encode()).hexdigest()[:32] + " "


def _shown(text: str, most: int = 80) -> str:
    """Return a text of the client as a message may repeat it: quoted and shortened."""
    return repr(text if len(text) <= most else text[:most] + "…")
