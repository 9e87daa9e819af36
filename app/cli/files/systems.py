"""Files for other systems, made of a release by an export profile."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from app.cli import output
from app.errors import InvalidParameter
from app.formats.sheets.profiles.export import Choice, export
from app.formats.sheets.profiles.profile import Profile, get_profile, read_profile
from app.formats.sheets.profiles.template import fill_template, read_template_map
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


def file_of(template: Path | None, options: ProfileOptions, ladder: Ladder, release: str) -> bytes:
    """Return the file of a profile, or a filled template, and print what was cut. Raises as these do."""
    if template is None:
        return profile_file(options, ladder, release)
    return template_file(template, options, ladder, release)


def profile_file(options: ProfileOptions, ladder: Ladder, release: str) -> bytes:
    """Return the file, and print what was cut.

    Raises:
        NotFound, BadRequest: There is no such profile, or it cannot be read.
        InvalidParameter: The ladder has no such track.
        Invalid: A value does not fit.
    """
    made = export(_profile(options.profile), _parts(ladder, release), _choice(options, ladder))
    _note_cuts(made.shortened)
    return made.body


def template_file(template: Path, options: ProfileOptions, ladder: Ladder, release: str) -> bytes:
    """Return a template filled by a map (`options.profile` is its path), and print what was cut.

    Raises:
        BadRequest: The template or the map cannot be read.
        InvalidParameter: The ladder has no such track.
        Invalid: A header is not there, or a value does not fit.
    """
    path = Path(options.profile)
    mapped = read_template_map(path.read_bytes(), path.name)
    choice = _choice(options, ladder)
    made = fill_template(template.read_bytes(), template.name, mapped, _parts(ladder, release), choice)
    _note_cuts(made.shortened)
    return made.body


def _choice(options: ProfileOptions, ladder: Ladder) -> Choice:
    """Return the options of an export. Raises InvalidParameter for a track that the ladder does not have."""
    tracks = [track.slug for track in ladder.tracks]
    if options.track is not None and options.track not in tracks:
        suggestion = did_you_mean(options.track, tracks)
        raise InvalidParameter(f"--track: this release has no track {options.track[:80]!r}.{suggestion}")
    chosen = Chosen(tracks=frozenset([options.track] if options.track else ()))
    return Choice(chosen, options.shorten, options.guard)


def _parts(ladder: Ladder, release: str) -> Parts:
    def url_of(node: Node) -> str:
        return f"{ladder.slug}@{release} {node.target}"

    return Parts(Index.of(ladder), release, url_of)


def _note_cuts(shortened: Sequence[str]) -> None:
    for place in shortened:
        output.note(f"Cut: {place}.", "yellow")


def _profile(name: str) -> Profile:
    path = Path(name)
    return read_profile(path.read_bytes(), path.name) if path.is_file() else get_profile(name)
