"""Ladders named by arguments: files, or a release or draft in the database or on a server."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.cli.environment import Environment
from app.cli.file_findings import FileFinding, check_files, has_errors, print_findings
from app.cli.local_releases import load_release
from app.cli.remote import Answer, Remote, connected
from app.errors import BadRequest, InvalidLadder, NotFound
from app.formats.bundle.reader import parse_document
from app.rubric.canonical import canonical, content_sha256
from app.rubric.ladder import Ladder
from app.rubric.releases import Version
from app.settings import RemoteSettings

DRAFT: Final = "draft"
_URL: Final = re.compile(r"(?P<server>https?://.+?)/v1/ladders/(?P<reference>[^/?#]+)(/document)?/?")
_REFERENCE: Final = re.compile(r"[a-z0-9-]+(@(latest|draft|[0-9.]+))?")


@dataclass(frozen=True, slots=True)
class LadderSource:
    """A ladder and where it comes from."""

    name: str
    """The argument, with the release number if it had none."""
    ladder: Ladder
    version: Version | None = None
    """The number of the release, or the one in the `release` block of the files."""
    findings: tuple[FileFinding, ...] = ()
    """The findings, for files."""

    @property
    def content_sha256(self) -> str:
        """Return the content hash."""
        return content_sha256(canonical(self.ladder))

    @property
    def sound(self) -> bool:
        """Return whether it has no errors; only files are checked."""
        return not has_errors(self.findings)


def open_source(text: str, environment: Environment, server: str | None) -> LadderSource:
    """Return the ladder that an argument names.

    Raises:
        NotFound: It is neither a path nor an existing release or draft.
        BadRequest, InvalidLadder: Its files cannot be read, or do not have the shape of a ladder.
        LadderError: The server refuses or does not respond.
    """
    path = Path(text)
    if path.exists():
        return _of_files(path)
    url = _URL.fullmatch(text)
    if url is not None:
        with connected(url["server"]) as remote:
            return fetch_source(remote, url["reference"])
    if _REFERENCE.fullmatch(text) is None:
        raise NotFound(
            f"{text!r} is neither a file or folder nor a ladder such as slug, slug@1.2.0 or slug@draft."
        )
    if server or RemoteSettings.read().server:
        with connected(server) as remote:
            return fetch_source(remote, text)
    return _of_database(text, environment)


def fetch_source(remote: Remote, reference: str) -> LadderSource:
    """Get a release or draft of a server. Raises the server's error, or BadRequest if it returns no ladder."""
    answer = remote.get(f"/v1/ladders/{reference}/document")
    release = answer.json.get("release") if isinstance(answer.json, dict) else None
    ladder = ladder_of(answer)
    version = None if release == DRAFT or not isinstance(release, str) else Version.parse(release)
    return LadderSource(f"{ladder.slug}@{release}", ladder, version)


def ladder_of(answer: Answer) -> Ladder:
    """Return the ladder in a server's document. Raises BadRequest if this version cannot read it."""
    try:
        return parse_document(answer.body, "answer.json")
    except (BadRequest, InvalidLadder) as error:
        raise BadRequest(
            f"The server returned a ladder that this version cannot read: {error.detail}"
        ) from None


def _of_files(path: Path) -> LadderSource:
    bundle, findings = check_files(path)
    print_findings(findings, to_stdout=False)
    if bundle is None:
        raise InvalidLadder(f"{path} does not contain a readable ladder.")
    block = bundle.release
    return LadderSource(str(path), bundle.ladder, None if block is None else block.version, findings)


def _of_database(text: str, environment: Environment) -> LadderSource:
    slug, _, selector = text.partition("@")
    if selector != DRAFT:
        release, ladder, _ = load_release(environment, text)
        return LadderSource(f"{slug}@{release.version}", ladder, release.version)
    from app.store.drafts import get_draft
    from app.store.engine import reading

    with environment.database() as engine, reading(engine) as connection:
        return LadderSource(text, get_draft(connection, slug, environment.clock()).ladder)
