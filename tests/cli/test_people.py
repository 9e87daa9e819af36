"""`ladder people`: granting rights, listing, changing and taking away, each logged."""

import getpass
from typing import Final

import pytest

from tests.cli.shell import ladder

ISSUER: Final = ("--issuer", "https://login.example")


def added(*options: str) -> str:
    ended = ladder("people", "add", *ISSUER, *options, "--json")
    assert ended.code == 0, ended.err
    return str(ended.json["id"])


@pytest.mark.usefixtures("database")
def test_a_person_is_added_listed_changed_and_removed() -> None:
    number = added("--subject", "ada", "--name", "Ada", "--right", "write", "--ladder", "acme")
    ended = ladder("people", "list", "--json")
    (item,) = ended.json["items"]
    assert {name: item[name] for name in ("id", "subject", "email", "grants", "created_by")} == {
        "id": number,
        "subject": "ada",
        "email": None,
        "grants": [{"ladder": "acme", "rights": ["write"]}],
        "created_by": f"cli:{getpass.getuser()}",
    }
    changed = ladder("people", "change", number, "--right", "admin")
    assert (changed.code, changed.out) == (0, f"{number}: Ada: admin on all ladders.\n")
    removed = ladder("people", "remove", number)
    assert (removed.code, removed.out) == (0, "Took all granted rights of Ada away.\n")
    assert ladder("people", "list", "--json").json == {"items": []}
    actions = [one["action"] for one in ladder("audit", "--json").json["items"]]
    assert actions == ["person.grant"] * 4


@pytest.mark.usefixtures("database")
def test_an_address_is_invited() -> None:
    ended = ladder("people", "add", *ISSUER, "--email", "Grace@Example.org", "--right", "read")
    assert ended.out.endswith(": grace@example.org (invited): read on all ladders.\n")
    table = ladder("people", "list").out
    assert "grace@example.org" in table


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (("--email", "nobody", "--right", "read"), 2, "This is not an email address"),
        (("--subject", "a", "--right", "root"), 2, "'root' is not a right"),
        (("--right", "read"), 2, "Give either `subject`"),
    ],
)
@pytest.mark.usefixtures("database")
def test_what_is_wrong_is_named(options: tuple[str, ...], code: int, words: str) -> None:
    ended = ladder("people", "add", *ISSUER, *options)
    assert (ended.code, words in ended.err) == (code, True), ended.err


@pytest.mark.usefixtures("database")
def test_without_an_issuer_the_option_is_required() -> None:
    ended = ladder("people", "add", "--subject", "a", "--right", "read")
    assert (ended.code, "LADDER_OIDC_ISSUER" in ended.err) == (2, True)
