"""`ladder keys`: creating, listing, rotating and revoking, each logged, and each noticed by servers."""

import getpass
import json
import re
from datetime import timedelta

import pytest

from app.store.access.api_key import ApiKey, id_of, key_sha256
from app.store.access.keys import find_keys
from app.store.engine import reading
from app.store.revision import get_revision
from tests.cli.shell import NOW, Ended, ladder, process
from tests.databases import opened

KEY = re.compile(r"clk_[A-Za-z0-9]{10}_[A-Za-z0-9]{43}")
NEVER = "clk_neverthere"


def create(*options: str) -> tuple[str, str]:
    """A new key, and its id."""
    ended = ladder("keys", "create", *options)
    assert (ended.code, KEY.fullmatch(ended.out.removesuffix("\n")) is not None) == (0, True), ended.err
    key = ended.out.strip()
    return key, str(id_of(key))


def stored(url: str) -> tuple[tuple[ApiKey, ...], int]:
    """Return the keys in the database, and its revision."""
    with opened(url) as engine, reading(engine) as connection:
        return find_keys(connection), get_revision(connection)


def log() -> list[tuple[str, str]]:
    return [(item["action"], item["target"]) for item in ladder("audit", "--json").json["items"]]


def test_a_key_is_shown_once_alone_on_standard_output(database: str) -> None:
    ended = ladder("keys", "create", "--owner", "Ada L.", "--scope", "write", "--scope", "review")
    key = ended.out.strip()
    number = id_of(key)
    assert (ended.code, ended.out, ended.err) == (
        0,
        f"{key}\n",
        f"{number} belongs to Ada L.: write, review on all ladders.\nStore the key now. It cannot be shown again.\n",
    )
    (kept,), revision = stored(database)
    assert (kept.id, kept.owner, kept.scopes, kept.ladders) == (number, "Ada L.", ("write", "review"), None)
    assert (kept.secret_sha256, kept.created_at, kept.expires_at) == (key_sha256(key), NOW, None)
    assert revision == 1
    for command in (("keys", "list"), ("keys", "list", "--json"), ("audit",), ("audit", "--json")):
        said = ladder(*command)
        assert str(number) in said.out
        assert key.removeprefix(f"{number}_") not in said.out + said.err


def test_as_json_the_key_is_a_property(database: str) -> None:
    ended = ladder(
        *("keys", "create", "--owner", "ci", "--scope", "publish", "--ladder", "small"),
        *("--ladder", "other", "--expires", "2027-01-31", "--json"),
    )
    key = ended.json["key"]
    assert (ended.code, ended.err, KEY.fullmatch(key) is not None) == (0, "", True)
    assert ended.json == {
        "key": key,
        "id": id_of(key),
        "owner": "ci",
        "scopes": ["publish"],
        "ladders": ["small", "other"],
        "state": "valid",
        "created_by": f"cli:{getpass.getuser()}",
        "created_at": "2026-11-22T12:00:00Z",
        "expires_at": "2027-01-31T00:00:00Z",
        "revoked_at": None,
        "last_used_at": None,
    }
    assert ladder("keys", "list", "--json").json == {
        "items": [{name: value for name, value in ended.json.items() if name != "key"}]
    }
    assert len(stored(database)[0]) == 1


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--owner", "", "--scope", "read"), "owner"),
        (("--owner", "  ", "--scope", "read"), "owner"),
        (("--owner", " CLI:root", "--scope", "read"), "cli:"),
        (("--owner", "a\nb", "--scope", "read"), "owner"),
        (("--owner", "cli:root", "--scope", "read"), "cli:"),
        (("--owner", "a" * 201, "--scope", "read"), "200 characters"),
        (
            ("--owner", "ada", "--scope", "wirte"),
            "'wirte' is not a scope. Use one or more of read, write, review",
        ),
        (("--owner", "ada", "--scope", "read,write"), "is not a scope"),
        (
            ("--owner", "ada", "--scope", "read", "--ladder", "Not a slug"),
            "'Not a slug' is not a ladder's slug",
        ),
        (("--owner", "ada", "--scope", "read", "--expires", "2020-01-01"), "The expiry is in the past"),
        (("--owner", "ada", "--scope", "read", "--expires", "soon"), "--expires"),
        (("--owner", "ada"), "--scope"),
        (("--scope", "read"), "--owner"),
    ],
    ids=str,
)
def test_invalid_options_create_no_key(some_database: str, options: tuple[str, ...], told: str) -> None:
    ended = ladder("keys", "create", *options)
    assert (ended.code, ended.out) == (2, "")
    assert told in ended.err
    assert stored(some_database) == ((), 0)
    assert log() == []


@pytest.mark.usefixtures("some_database")
@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("90d", NOW + timedelta(days=90)),
        ("12h", NOW + timedelta(hours=12)),
        ("2027-01-31T09:00:00+01:00", NOW.replace(year=2027, month=1, day=31, hour=8)),
    ],
)
def test_an_expiry_is_a_date_a_time_or_a_duration(some_database: str, text: str, ends: object) -> None:
    create("--owner", "ada", "--scope", "read", "--expires", text)
    assert stored(some_database)[0][0].expires_at == ends


@pytest.mark.usefixtures("database")
def test_the_list_shows_the_state_of_each_key() -> None:
    _, first = create("--owner", "ada", "--scope", "read", "--expires", "1d")
    _, second = create("--owner", "grace", "--scope", "admin", "--ladder", "small")
    _, third = create("--owner", "linus", "--scope", "read", "--scope", "write")
    assert ladder("keys", "revoke", second).out == f"Revoked {second} of grace.\n"
    ended = ladder("keys", "list", now=NOW + timedelta(days=1))
    rows = sorted(line.split("\t")[:5] for line in ended.out.splitlines())
    assert rows == sorted(
        [
            [first, "ada", "read", "all ladders", "expired"],
            [second, "grace", "admin", "small", "revoked"],
            [third, "linus", "read write", "all ladders", "valid"],
        ]
    )


def test_a_revoked_key_is_revoked_for_ever(database: str) -> None:
    _, number = create("--owner", "ada", "--scope", "read")
    assert ladder("keys", "revoke", number, "--json").json["state"] == "revoked"
    again = ladder("keys", "revoke", number)
    assert (again.code, again.err) == (5, f"ladder: The key {number} has already been revoked.\n")
    assert ladder("keys", "rotate", number).code == 5
    assert (stored(database)[1], log()) == (2, [("key.revoke", number), ("key.create", number)])


def test_a_rotation_ends_the_old_key_at_once(database: str) -> None:
    _, old = create("--owner", "ada", "--scope", "write", "--ladder", "small", "--expires", "30d")
    later = NOW + timedelta(days=10)
    ended = ladder("keys", "rotate", old, now=later)
    new = str(id_of(ended.out.strip()))
    before, after = stored(database)[0]
    assert (before.revoked_at, before.valid(later)) == (later, False)
    assert (after.id, after.owner, after.scopes, after.ladders) == (new, "ada", ("write",), ("small",))
    assert after.expires_at == later + timedelta(days=30)
    assert log()[0] == ("key.rotate", new)
    assert ladder("audit", "--json").json["items"][0]["details"]["replaced"] == old


def test_a_rotation_can_give_the_old_key_a_grace_period(database: str) -> None:
    _, old = create("--owner", "ada", "--scope", "write")
    ladder("keys", "rotate", old, "--grace", "24h", "--expires", "90d")
    before, after = sorted(stored(database)[0], key=lambda key: key.id != old)
    assert (before.expires_at, before.revoked_at) == (NOW + timedelta(hours=24), None)
    assert after.expires_at == NOW + timedelta(days=90)
    _, short = create("--owner", "grace", "--scope", "read", "--expires", "1h")
    ladder("keys", "rotate", short, "--grace", "24h")
    assert next(key for key in stored(database)[0] if key.id == short).expires_at == NOW + timedelta(hours=1)


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("command", ["revoke", "rotate"])
def test_an_unknown_key_is_refused_with_similar_ids(command: str) -> None:
    key, number = create("--owner", "ada", "--scope", "read")
    ended = ladder("keys", command, NEVER)
    assert (ended.code, ended.out, ended.err) == (
        7,
        "",
        "ladder: No key has that id. `ladder keys list` shows all ids.\n",
    )
    assert f"Did you mean {number}?" in ladder("keys", command, number[:-1]).err
    whole = ladder("keys", command, key)
    assert (whole.code, key.rpartition("_")[2] in whole.err) == (7, False)
    assert "its first 14 letters" in whole.err


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("grace", ["0d", "-1d", "5", "1w", "1.5h", ""])
def test_an_invalid_grace_period_is_refused(grace: str) -> None:
    _, number = create("--owner", "ada", "--scope", "read")
    ended = ladder("keys", "rotate", number, "--grace", grace)
    assert (ended.code, ended.out) == (2, "")
    assert "--grace" in ended.err


def test_a_script_can_store_the_key(database: str) -> None:
    made: Ended = process("keys", "create", "--owner", "ci", "--scope", "read", LADDER_DATABASE_URL=database)
    assert (made.code, KEY.fullmatch(made.out.strip()) is not None) == (0, True)
    listed = process("keys", "list", "--json", LADDER_DATABASE_URL=database)
    assert [item["owner"] for item in json.loads(listed.out)["items"]] == ["ci"]


@pytest.mark.usefixtures("database")
def test_the_audit_log_names_the_account_that_ran_the_command() -> None:
    _, number = create("--owner", "ada", "--scope", "read")
    (entry,) = ladder("audit", "--json").json["items"]
    assert entry == {
        "at": "2026-11-22T12:00:00Z",
        "who": entry["who"],
        "via": None,
        "action": "key.create",
        "ladder": None,
        "target": number,
        "request_id": None,
        "address": None,
        "before_sha256": None,
        "after_sha256": None,
        "details": {"owner": "ada", "scopes": ["read"], "ladders": None, "expires_at": None},
    }
    assert entry["who"].startswith("cli:")
