"""The server of `ladder preview`: the application on a temporary database, rebuilt at each save.

Files without errors become the only release of a new database, and a new application on it replaces the previous one.
Files with errors do not change what is served; the start page and `/findings` list the errors. Clients must not cache
any answer, because the same release number has other content after the next save.
"""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from html import escape
from itertools import count
from pathlib import Path
from string import Template
from tempfile import TemporaryDirectory
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import Message, Receive, Scope, Send
from watchfiles import Change, awatch

from app.cli.file_findings import FileFinding, check_files, has_errors, summary
from app.formats.bundle.reader import Bundle
from app.formats.syntax.files import SUFFIXES, shown
from app.main import Application, create_app
from app.rubric.releases import FIRST
from app.settings import Settings
from app.store.engine import open_engine, writing
from app.store.inserting import NewRelease
from app.store.maintenance.migrating import migrate
from app.store.releases import publish

_PAGE: Final = Path(__file__).parents[1] / "web" / "templates" / "preview.html"
_POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_DEBOUNCE: Final = 400
"""Milliseconds after which the files are read even if more files are being saved."""


@dataclass(frozen=True, slots=True)
class Look:
    """The result of the last reading of the files."""

    bundle: Bundle | None
    findings: tuple[FileFinding, ...]

    @property
    def sound(self) -> bool:
        """Return whether the files can be served."""
        return self.bundle is not None and not has_errors(self.findings)


class Preview:
    """The ASGI application of `ladder preview`."""

    def __init__(self, path: Path, clock: Callable[[], datetime], tell: Callable[[Look], None]) -> None:
        self._path = path
        self._tell = tell
        self._editions = Editions(clock)
        self._current: Application | None = None
        self._shown: Bundle | None = None
        self.look = self._look()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or start and stop with the server."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http" and scope["path"] in {"/", "/findings"}:
            await self._own_page(scope["path"])(scope, receive, send)
        elif self._current is not None:
            await self._current(scope, receive, _never_kept(send))

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        with TemporaryDirectory(prefix="ladder-preview-") as folder:
            async with AsyncExitStack() as stack:
                await self._show(folder)
                stack.push_async_callback(self._editions.close)
                watching = asyncio.create_task(self._watch(folder))
                await send({"type": "lifespan.startup.complete"})
                await receive()
                watching.cancel()
                with suppress(asyncio.CancelledError):
                    await watching
        await send({"type": "lifespan.shutdown.complete"})

    async def _watch(self, folder: str) -> None:
        # The folder of a single file, because editors save by replacing the file.
        place = self._path if self._path.is_dir() else self._path.absolute().parent
        async for _ in awatch(place, watch_filter=self._concerns, debounce=_DEBOUNCE):
            self.look = await asyncio.to_thread(self._look)
            await self._show(folder)

    def _concerns(self, _change: Change, changed: str) -> bool:
        if self._path.is_dir():
            return Path(changed).suffix.lower() in SUFFIXES or not Path(changed).suffix
        return Path(changed).name == self._path.name

    def _look(self) -> Look:
        look = Look(*check_files(self._path))
        self._tell(look)
        return look

    async def _show(self, folder: str) -> None:
        """Serve the last reading if it has no errors. At the start, serve no ladder if it has."""
        if self.look.sound or self._current is None:
            self._shown = self.look.bundle if self.look.sound else None
            self._current = await self._editions.replace(Path(folder), self._shown)

    def _own_page(self, path: str) -> Response:
        if path == "/findings":
            slug = None if self.look.bundle is None else self.look.bundle.ladder.slug
            items = [finding.json() for finding in self.look.findings]
            return JSONResponse({"ladder": slug, "items": items}, headers={"cache-control": "no-store"})
        template = Template(_PAGE.read_text("utf-8"))
        html = template.substitute(
            path=escape(shown(self._path)),
            summary=summary(self.look.findings),
            state=_state(self.look, self._shown),
            findings=_listed(self.look.findings),
            links=_links(self._shown),
        )
        headers = {"content-security-policy": _POLICY, "cache-control": "no-store"}
        return HTMLResponse(html, headers=headers)


class Editions:
    """The applications of the preview, of which the last is served."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._numbers = count(1)
        self._serving: list[AsyncExitStack] = []

    async def replace(self, folder: Path, bundle: Bundle | None) -> Application:
        """Start an application that serves the bundle, and close the last but one, which no request uses any more."""
        file = folder / f"{next(self._numbers)}.db"
        application = await asyncio.to_thread(self._built, file, bundle)
        stack = AsyncExitStack()
        await stack.enter_async_context(_running(application))
        stack.callback(file.unlink)
        self._serving.append(stack)
        while len(self._serving) > 2:  # noqa: PLR2004 - the last one, and one that may still be answering
            await self._serving.pop(0).aclose()
        return application

    async def close(self) -> None:
        """Close all applications."""
        for stack in reversed(self._serving):
            await stack.aclose()

    def _built(self, file: Path, bundle: Bundle | None) -> Application:
        url = f"sqlite:///{file}"
        blank = file.parent / "blank.db"
        if not blank.exists():
            migrate(f"sqlite:///{blank}")
        shutil.copyfile(blank, file)
        if bundle is not None:
            self._publish(url, bundle)
        # The settings of a real server (read access, root path, …) do not apply to a preview.
        return create_app(Settings.model_construct(database_url=url, log_level="warning"), self._clock)

    def _publish(self, url: str, bundle: Bundle) -> None:
        """Publish the bundle as a release that is in force at once, whatever dates the files have."""
        block, now = bundle.release, self._clock()
        version = block.version if block is not None and block.version is not None else FIRST
        notes = None if block is None else block.notes
        engine = open_engine(url)
        try:
            with writing(engine) as connection:
                publish(connection, NewRelease.of(bundle.ladder, version, now, notes=notes))
        finally:
            engine.dispose()


@asynccontextmanager
async def _running(application: Application) -> AsyncIterator[None]:
    """Start an application, and stop it afterwards, as a server does."""
    said: asyncio.Queue[Message] = asyncio.Queue()
    heard: asyncio.Queue[Message] = asyncio.Queue()
    scope = {"type": "lifespan", "asgi": {"version": "3.0"}, "state": {}}
    life = asyncio.create_task(application(scope, said.get, heard.put))
    await said.put({"type": "lifespan.startup"})
    await heard.get()
    try:
        yield
    finally:
        await said.put({"type": "lifespan.shutdown"})
        await life


def _never_kept(send: Send) -> Send:
    async def pass_on(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message)["cache-control"] = "no-store"
        await send(message)

    return pass_on


def _state(look: Look, served: Bundle | None) -> str:
    if look.sound:
        return "This is the current content of the files."
    return (
        "Nothing is served yet. Correct the errors."
        if served is None
        else "This is the last version without errors."
    )


def _listed(findings: tuple[FileFinding, ...]) -> str:
    rows = (
        f"<tr><td><code>{escape(finding.place or '')}</code></td><td>{finding.severity}</td>"
        f"<td>{escape(finding.message)} <code>{escape(finding.code)}</code></td></tr>"
        for finding in findings
    )
    return "\n".join(("<table>", *rows, "</table>")) if findings else ""


def _links(served: Bundle | None) -> str:
    if served is None:
        return ""
    home = f"/v1/ladders/{served.ladder.slug}"
    paths = (("Ladder", home), ("Whole ladder on one page", f"{home}/document"), ("Levels", f"{home}/levels"))
    return "\n".join(f'<li><a href="{path}">{words}</a> <code>{path}</code></li>' for words, path in paths)
