"""The application served in the process of the tests, with their own clock, and helpers for its database."""

import csv
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from io import StringIO
from typing import Any, Final

from starlette.testclient import TestClient

from app.main import Application, create_app
from app.rubric.ladder import Ladder
from app.rubric.releases import Event, Version
from app.settings import Settings
from app.store.access.keys import create_key
from app.store.engine import writing
from app.store.inserting import NewRelease
from app.store.releases import append_event, get_release, publish
from tests.api.client import Client

NOW: Final = datetime(2026, 11, 22, 12, tzinfo=UTC)
"""The moment at which tests read: all bundled releases are out."""
NETFLIX: Final = "/v1/ladders/netflix-engineering"
EXAMPLE: Final = "/v1/ladders/example-engineering"
COLLECTIONS: Final = (
    "tracks",
    "levels",
    "scales",
    "competencies",
    "facets",
    "expectations",
    "examples",
    "faqs",
    "tips",
    "pages",
)
COMMON_HEADERS: Final = {
    "x-content-type-options": "nosniff",
    "access-control-allow-origin": "*",
    "access-control-expose-headers": "ETag, Link, Deprecation, Sunset, Retry-After, RateLimit, X-Request-ID",
}
"""What every answer carries."""
UNPINNED: Final = "max-age=10, stale-while-revalidate=30, stale-if-error=86400"
PINNED: Final = "max-age=31536000, immutable"
FIXED: Final = "max-age=300, stale-if-error=86400"

Json = Any


class Clock:
    """The present moment, as a test sets it."""

    def __init__(self, moment: datetime = NOW) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        return self.moment


@dataclass(frozen=True)
class Api:
    """A served application, a client of it, and the way to its database."""

    application: Application
    client: TestClient

    def json(self, path: str) -> Json:
        """The body at a path that must be there."""
        answer = self.client.get(path)
        assert answer.status_code == 200, (path, answer.text)
        return answer.json()

    def publish(
        self, ladder: Ladder, version: str, published: datetime, effective: datetime | None = None
    ) -> None:
        """Publish a release, which the application learns of at once."""
        with writing(self.application.serving.engine) as connection:
            new = NewRelease.of(ladder, Version.parse(version), published, effective_from=effective)
            publish(connection, new)
        self.refresh()

    def say(self, ladder: str, version: str, event: Event) -> None:
        """Append an event to a release, which the application learns of at once."""
        with writing(self.application.serving.engine) as connection:
            release = get_release(connection, ladder, Version.parse(version))
            append_event(connection, release, event, now=event.at)
        self.refresh()

    def key(self, owner: str, *scopes: str, ladders: tuple[str, ...] | None = None) -> dict[str, str]:
        """The header of a new key, which the application learns of at once."""
        with writing(self.application.serving.engine) as connection:
            key, _ = create_key(connection, owner, scopes, self.application.serving.clock(), ladders=ladders)
        self.refresh()
        return {"authorization": f"Bearer {key}"}

    def refresh(self) -> None:
        """Let the application look at its database now."""
        self.application.serving.freshness.refresh()


@contextmanager
def serve(database_url: str, clock: Callable[[], datetime] | None = None, **settings: Any) -> Iterator[Api]:  # noqa: ANN401 - any setting
    """Serve a database in this process, quietly."""
    quiet = {"log_level": "error", "revision_interval": 60.0}  # tests say themselves when to look
    chosen = Settings(database_url=database_url, **{**quiet, **settings})
    application = create_app(chosen, clock or Clock())
    plain = {"accept-encoding": "identity"}  # coding every body would be most of a run's time
    with Client(application, headers=plain) as client:
        yield Api(application, client)


def every_url(client: TestClient, reference: str) -> tuple[str, ...]:
    """Every URL of a release as a ladder's reference names it: itself, its document, lists and entities."""
    home = f"/v1/ladders/{reference}"
    found = [home, f"{home}/document"]
    for collection in COLLECTIONS:
        found.append(f"{home}/{collection}")
        body = client.get(f"{home}/{collection}?limit=500").json()
        assert "next" not in body["links"]
        found += [f"{home}/{collection}/{item.get('address', item['slug'])}" for item in body["items"]]
    return tuple(found)


def table(answer: Any) -> list[list[str]]:  # noqa: ANN401 - of either HTTP library
    """The rows of a table, its header first, once its type is checked."""
    assert answer.headers["content-type"] == "text/csv; header=present; charset=utf-8"
    return list(csv.reader(StringIO(answer.text, newline="")))


def problem(answer: Any) -> tuple[int, str, str]:  # noqa: ANN401 - of either HTTP library
    """Status, code and detail of a refusal, once its shape is checked whole."""
    body = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    assert body["request_id"] == answer.headers["x-request-id"]
    assert body["type"] == f"/problems/{body['code']}"
    assert body["status"] == answer.status_code
    assert set(body) - {"errors", "successors"} == {"type", "title", "status", "detail", "code", "request_id"}
    return answer.status_code, body["code"], body["detail"]
