"""Files for other systems, made of a release by an export profile."""

from dataclasses import dataclass
from pathlib import Path

from app.cli import output
from app.errors import InvalidParameter
from app.formats.sheets.profiles.export import Choice, export
from app.formats.sheets.profiles.profile import Profile, get_profile, read_profile
from app.formats.sheets.table_parts import Chosen, Parts
from app.rubric.entities import Node
from app.rubric.index import Index
from app.rubric.ladder import Ladder
from app.rubric.suggest import did_you_mean


@dataclass(frozen=True)
class ProfileOptions:
    """The options of a file for another system."""

    profile: str
    """The name of a profile of this software, or the path of one of your own."""
    track: str | None
    shorten: bool
    guard: bool


def profile_file(options: ProfileOptions, ladder: Ladder, release: str) -> bytes:
    """Return the file, and print what was cut.

    Raises:
        NotFound, BadRequest: There is no such profile, or it cannot be read.
        InvalidParameter: The ladder has no such track.
        Invalid: A value does not fit.
    """
    index = Index.of(ladder)
    if options.track is not None and options.track not in index.tracks:
        suggestion = did_you_mean(options.track, index.tracks)
        raise InvalidParameter(f"--track: this release has no track {options.track[:80]!r}.{suggestion}")

    def url_of(node: Node) -> str:
        return f"{ladder.slug}@{release} {node.target}"

    chosen = Chosen(tracks=frozenset([options.track] if options.track else ()))
    choice = Choice(chosen, options.shorten, options.guard)
    made = export(_profile(options.profile), Parts(index, release, url_of), choice)
    for place in made.shortened:
        output.note(f"Cut: {place}.", "yellow")
    return made.body


def _profile(name: str) -> Profile:
    path = Path(name)
    return read_profile(path.read_bytes(), path.name) if path.is_file() else get_profile(name)
