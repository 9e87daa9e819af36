"""A small ladder with one entity of each kind, served with its draft, and requests that write there."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from app.rubric.ladder import Ladder
from app.store.drafts import get_draft
from app.store.engine import reading
from tests.api.serving import NOW, Api, Clock, Json, serve
from tests.databases import Databases, opened
from tests.rubric.drafts import draft
from tests.store.samples import release

RELEASED: Final = "/v1/ladders/acme"
DRAFT: Final = f"{RELEASED}@draft"
MERGE: Final = "application/merge-patch+json"
PATCH: Final = "application/json-patch+json"
LADDER: Final = draft(
    {
        "/levels/1/examples": [
            {"slug": "outage", "text": "Led the way out of an outage."},
            {"text": "Calm."},
        ],
        "/tips/-": {"slug": "ask", "title": "Ask", "text": "Ask early.", "about": ["level:l4"]},
        "/pages/-": {"slug": "overview", "title": "Overview", "text": "All of it."},
    }
)
THERE: Final = {
    "tracks": "ic",
    "levels": "l5",
    "scales": "depth",
    "competencies": "quality",
    "facets": "testing",
    "expectations": "l5--quality",
    "examples": "outage",
    "faqs": "how-long",
    "tips": "ask",
    "pages": "overview",
}
"""For each collection, an entity that the release has."""
NEW: Final[dict[str, Json]] = {
    "tracks": {"slug": "lead", "title": "Lead"},
    "levels": {"slug": "l6", "track": "ic", "title": "Staff engineer"},
    "scales": {"slug": "points", "title": "Points", "steps": [{"slug": "one", "title": "One", "points": 1}]},
    "competencies": {"slug": "care", "title": "Care", "category": "People"},
    "facets": {"slug": "review", "competency": "quality", "title": "Review"},
    "expectations": {"level": "l4", "competency": "delivery", "statements": [{"text": "Delivers."}]},
    "examples": {"slug": "rescue", "of": "expectation:l5--quality", "text": "Rescued a release."},
    "faqs": {"slug": "why", "question": "Why?", "answer": "Therefore.", "about": ["track:ic"]},
    "tips": {"slug": "read", "title": "Read", "text": "Read much."},
    "pages": {"slug": "history", "title": "History", "text": "It began."},
}
"""For each collection, an entity that is not there yet."""
TEXT: Final = {"faqs": "answer", "expectations": "summary", "examples": "text"}
"""The property that tests change, where it is not the title."""


def address(collection: str) -> str:
    """The address of the new entity of a collection."""
    new = NEW[collection]
    return str(new["slug"]) if "slug" in new else f"{new['level']}--{new['competency']}"


@dataclass(frozen=True)
class DraftWriter:
    """A client that may write the draft."""

    api: Api
    key: dict[str, str]

    def get(self, below: str) -> Any:  # noqa: ANN401 - the client's answer
        """Read a place of the draft."""
        return self.api.client.get(DRAFT + below, headers=self.key)

    def tag(self, below: str) -> str:
        """The entity tag of a place of the draft."""
        return str(self.get(below).headers["etag"])

    def put(self, below: str, body: Json, **headers: str) -> Any:  # noqa: ANN401 - the client's answer
        """Put a body; headers with `_` for `-`."""
        return self.api.client.put(DRAFT + below, json=body, headers=self._with(headers))

    def patch(self, below: str, body: Json, media_type: str = MERGE, **headers: str) -> Any:  # noqa: ANN401 - the client's answer
        """Send a patch; headers with `_` for `-`."""
        given = self._with(headers) | {"content-type": media_type}
        return self.api.client.patch(DRAFT + below, json=body, headers=given)

    def delete(self, below: str, **headers: str) -> Any:  # noqa: ANN401 - the client's answer
        """Remove a place; headers with `_` for `-`."""
        return self.api.client.delete(DRAFT + below, headers=self._with(headers))

    def ladder(self) -> Ladder:
        """The content of the draft."""
        with reading(self.api.application.serving.engine) as connection:
            return get_draft(connection, "acme", NOW).ladder

    def publish(self, version: str) -> None:
        """Publish the draft as it is."""
        self.api.publish(self.ladder(), version, NOW)

    def _with(self, headers: dict[str, str]) -> dict[str, str]:
        return self.key | {name.replace("_", "-"): value for name, value in headers.items()}


def released(database_url: str) -> None:
    """Publish the small ladder as 1.0.0, the day before."""
    with opened(database_url) as engine:
        release(engine, LADDER, published=NOW - timedelta(days=1))


@contextmanager
def writing_to(databases: Databases) -> Iterator[DraftWriter]:
    """Serve the small ladder, which has one release, to somebody who may write."""
    with databases.fresh(released) as url, serve(url, Clock()) as api:
        yield DraftWriter(api, api.key("ann", "write"))
