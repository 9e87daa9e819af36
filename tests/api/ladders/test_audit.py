"""The audit log for administrators: newest first, with filters and pages."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DatabaseError

from app.api.reading.cursor import list_identity, write
from app.store.audit import Action, Actor, AuditFilter, AuditRecord, find_entries, record
from app.store.engine import reading, writing
from tests.api.serving import NOW, Api, problem
from tests.cli.shell import ladder

Json = Any
ADA = Actor("ada", "clk_aaaaaaaaaa", "req-1", "192.0.2.1")
GRACE = Actor("grace", None, "req-2", "192.0.2.2")
DEEDS = (
    (ADA, Action("draft.write", "one", "level:l1", "a" * 64, "b" * 64)),
    (GRACE, Action("draft.write", "two", "document", None, "c" * 64)),
    (ADA, Action("release.publish", "one", "1.0.0", detail={"bump": "major", "because": "A slip."})),
    (GRACE, Action("key.create", None, "clk_bbbbbbbbbb", detail={"owner": "linus"})),
)


@pytest.fixture
def logged(empty_api: Api) -> Api:
    """An application in whose log is one action an hour, from now on."""
    with writing(empty_api.application.serving.engine) as connection:
        for hours, (actor, action) in enumerate(DEEDS):
            record(connection, actor, action, NOW + timedelta(hours=hours))
    return empty_api


def targets(api: Api, query: str = "", **headers: str) -> list[str]:
    answer = api.client.get(f"/v1/audit{query}", headers=headers)
    assert answer.status_code == 200, answer.text
    return [item["target"] for item in answer.json()["items"]]


def test_an_entry_has_actor_action_time_and_address(logged: Api) -> None:
    answer = logged.client.get("/v1/audit", headers=logged.key("root", "admin"))
    assert answer.headers["cache-control"] == "no-store"
    assert answer.json() == {
        "items": [
            {
                "at": "2026-11-22T15:00:00Z",
                "who": "grace",
                "action": "key.create",
                "target": "clk_bbbbbbbbbb",
                "request_id": "req-2",
                "address": "192.0.2.2",
                "details": {"owner": "linus"},
            },
            {
                "at": "2026-11-22T14:00:00Z",
                "who": "ada",
                "via": "clk_aaaaaaaaaa",
                "action": "release.publish",
                "ladder": "one",
                "target": "1.0.0",
                "request_id": "req-1",
                "address": "192.0.2.1",
                "details": {"bump": "major", "because": "A slip."},
            },
            {
                "at": "2026-11-22T13:00:00Z",
                "who": "grace",
                "action": "draft.write",
                "ladder": "two",
                "target": "document",
                "request_id": "req-2",
                "address": "192.0.2.2",
                "after_sha256": "c" * 64,
            },
            {
                "at": "2026-11-22T12:00:00Z",
                "who": "ada",
                "via": "clk_aaaaaaaaaa",
                "action": "draft.write",
                "ladder": "one",
                "target": "level:l1",
                "request_id": "req-1",
                "address": "192.0.2.1",
                "before_sha256": "a" * 64,
                "after_sha256": "b" * 64,
            },
        ],
        "links": {"self": "/v1/audit"},
    }


def test_filters_select_entries(logged: Api) -> None:
    root = logged.key("root", "admin")
    for query, expected in (
        ("?ladder=one", ["1.0.0", "level:l1"]),
        ("?who=grace", ["clk_bbbbbbbbbb", "document"]),
        ("?action=draft.write", ["document", "level:l1"]),
        ("?action=draft.write&who=ada", ["level:l1"]),
        ("?since=2026-11-22T14:00:00Z", ["clk_bbbbbbbbbb", "1.0.0"]),
        ("?until=2026-11-22T13:00:00Z", ["document", "level:l1"]),
        ("?since=2026-11-22&until=2026-11-22", ["clk_bbbbbbbbbb", "1.0.0", "document", "level:l1"]),
        ("?since=2026-11-23", []),
        ("?until=2026-11-21", []),
        ("?ladder=none", []),
    ):
        assert targets(logged, query, **root) == expected, query


def test_pages_stay_in_order_while_entries_are_added(logged: Api) -> None:
    root = logged.key("root", "admin")
    path: str | None = "/v1/audit?limit=1&who=ada"
    found = []
    while path is not None:
        answer = logged.client.get(path, headers=root)
        found += [item["target"] for item in answer.json()["items"]]
        path = answer.json()["links"].get("next")
        assert (path is None) == ("link" not in answer.headers)
        with writing(logged.application.serving.engine) as connection:
            record(connection, ADA, Action("draft.write", "one", "later"), NOW + timedelta(days=1))
    assert found == ["1.0.0", "level:l1"]


def test_a_cursor_belongs_to_one_list(logged: Api) -> None:
    root = logged.key("root", "admin")
    following = logged.client.get("/v1/audit?limit=1", headers=root).json()["links"]["next"]
    cursor = following.partition("cursor=")[2].partition("&")[0]
    for query in (
        f"?who=ada&cursor={cursor}",
        "?cursor=nonsense",
        "?limit=0",
        "?whom=ada",
        "?since=yesterday",
        f"?cursor={write(list_identity('audit', {}, None), '9' * 40)}",
        "?who=%00",
        "?ladder=%00",
        "?action=a%00",
    ):
        answer = logged.client.get(f"/v1/audit{query}", headers=root)
        assert problem(answer)[:2] == (422, "invalid-parameter"), query


def test_fields_returns_the_requested_fields(logged: Api) -> None:
    answer = logged.client.get("/v1/audit?fields=target&limit=1", headers=logged.key("root", "admin"))
    assert answer.json()["items"] == [
        {"at": "2026-11-22T15:00:00Z", "who": "grace", "action": "key.create", "target": "clk_bbbbbbbbbb"}
    ]


def test_an_administrator_of_some_ladders_sees_only_their_entries(logged: Api) -> None:
    bound = logged.key("two's", "admin", ladders=("two", "three"))
    assert targets(logged, **bound) == ["document"]
    assert targets(logged, "?ladder=one", **bound) == []
    assert logged.client.get("/v1/audit", headers=logged.key("ada", "publish")).status_code == 403


def test_entries_cannot_be_changed(logged: Api) -> None:
    engine = logged.application.serving.engine
    for statement in ("UPDATE audit SET who = 'nobody'", "DELETE FROM audit"):
        with pytest.raises(DatabaseError), writing(engine) as connection:
            connection.execute(text(statement))
    assert len(entries(engine)) == len(DEEDS)


def entries(engine: Engine) -> tuple[AuditRecord, ...]:
    with reading(engine) as connection:
        return find_entries(connection, AuditFilter(), 100)


def test_recorded_actions_are_found(logged: Api) -> None:
    found = entries(logged.application.serving.engine)
    assert [(entry.actor, entry.action) for entry in reversed(found)] == list(DEEDS)
    assert [entry.at for entry in reversed(found)] == [NOW + timedelta(hours=hours) for hours in range(4)]


def test_the_command_prints_the_same_entries(logged: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    url = logged.application.serving.engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("LADDER_DATABASE_URL", url)
    ended = ladder("audit", "--ladder", "one")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.splitlines() == [
        "2026-11-22T14:00:00Z\tada\trelease.publish\tone\t1.0.0\tclk_aaaaaaaaaa\t192.0.2.1",
        "2026-11-22T12:00:00Z\tada\tdraft.write\tone\tlevel:l1\tclk_aaaaaaaaaa\t192.0.2.1",
    ]
    items = ladder("audit", "--json", "--limit", "1", "--who", "grace", "--since", "2026-11-22").json["items"]
    assert [item["target"] for item in items] == ["clk_bbbbbbbbbb"]
    assert ladder("audit", "--until", "2026-11-22T12:30:00Z", "--action", "draft.write").out.count("\n") == 1
    assert ladder("audit", "--since", "soon").code == 2
