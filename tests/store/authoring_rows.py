"""A database with the work of authors: a draft in review, settings, keys, people and their log entries."""

from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import Connection, insert

from app.rubric.canonical import canonical, content_sha256
from app.rubric.ladder import Ladder
from app.store.access.keys import create_key
from app.store.audit import Action, Actor, record
from app.store.drafts import save_draft
from app.store.tables import METADATA

AT: Final = datetime(2026, 2, 1, 9, 30, 0, 123456, tzinfo=UTC)


def work(connection: Connection, draft: Ladder, *, others: tuple[Ladder, ...] = ()) -> None:
    """Two authors' draft with a review, drafts of other ladders, settings, two keys, an answer kept, and the log."""
    edited = draft.model_copy(update={"title": f"{draft.title}, edited"})
    save_draft(connection, draft, slug=draft.slug, expected=0, by="ada", at=AT)
    save_draft(connection, edited, slug=draft.slug, expected=1, by="bob", at=AT + timedelta(hours=1))
    for other in others:
        save_draft(connection, other, slug=other.slug, expected=0, by="ada", at=AT)
    digest = content_sha256(canonical(edited))
    _review(connection, draft.slug, digest)
    visibility = {"ladder": draft.slug, "visibility": "internal", "require_review": True}
    connection.execute(insert(METADATA.tables["ladder_setting"]), visibility)
    create_key(connection, "ada", ["write"], AT, ladders=[draft.slug], expires_at=AT + timedelta(days=90))
    create_key(connection, "root", ["admin", "read"], AT)
    invited = {"id": "per_0000000001", "issuer": "https://login.example", "email": "cy@example.org"}
    more = {"subject": None, "name": None, "created_by": "root", "created_at": AT, "signed_in_at": None}
    connection.execute(insert(METADATA.tables["person"]), {**invited, **more})
    grant = {"person_id": "per_0000000001", "ladder": draft.slug, "rights": "read write"}
    connection.execute(insert(METADATA.tables["person_grant"]), grant)
    actor = Actor("ada", "clk_0123456789", "request-1", "192.0.2.1")
    record(connection, actor, Action("draft.write", draft.slug, "level:l1", None, digest, {"ü": [1]}), AT)
    record(connection, Actor("cli:ops"), Action("key.create"), AT)
    _answers(connection)


def _review(connection: Connection, slug: str, digest: str) -> None:
    over = {"closed": "withdrawn", "closed_at": AT}
    reviews: list[dict[str, object]] = [
        {"id": 7, "number": 1, "title": "Try", "description": None, **over},
        {"id": 9, "number": 2, "title": "Again", "description": "Please.", "closed": None, "closed_at": None},
    ]
    shared: dict[str, object] = {"ladder": slug, "opened_by": "ada", "opened_at": AT}
    connection.execute(insert(METADATA.tables["review"]), [{**shared, **review} for review in reviews])
    said: list[dict[str, object]] = [
        {"position": 0, "kind": "comment", "by": "cy", "text": "Hm.", "about": "level:l1"},
        {"position": 1, "kind": "approve", "by": "cy", "text": None, "about": None},
    ]
    shared = {"review_id": 9, "at": AT, "content_sha256": digest, "draft_number": 2}
    connection.execute(insert(METADATA.tables["review_entry"]), [{**shared, **entry} for entry in said])


def _answers(connection: Connection) -> None:
    """One request that was answered, and one that still runs."""
    shared: dict[str, object] = {"caller": "ada", "request_sha256": "0" * 64, "at": AT}
    rows: list[dict[str, object]] = [
        {"key": "done", "status": 201, "headers": "[]", "body": b"\x00{}"},
        {"key": "running", "status": None, "headers": None, "body": None},
    ]
    connection.execute(insert(METADATA.tables["idempotency"]), [{**shared, **row} for row in rows])
