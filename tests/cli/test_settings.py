"""Invalid settings: every message describes the expected form in words, and never repeats the value."""

import re

import pytest

from app.settings import RemoteSettings, Settings, variable
from tests.cli.shell import ladder

PYDANTIC = re.compile(
    r"Input should|String should|Value error|valid (integer|number|boolean|string)|pattern|pydantic"
)
"""Words of pydantic, and names of its parts."""

WRONG = {
    "LADDER_DATABASE_URL": ("s3cret", "mysql://s3cret@host/db", "sqlite://", ""),
    "LADDER_HOST": ("s3cret host", "999.999.999.999"),
    "PORT": ("s3cret", "-1", "65536", "1.5", ""),
    "LADDER_ROOT_PATH": ("s3cret", "/s3cret/", "/a?b", "a/b"),
    "LADDER_SEED": ("s3cret", "2", ""),
    "LADDER_LOG_LEVEL": ("s3cret", "INFO ", ""),
    "LADDER_ACCESS_LOG": ("s3cret", ""),
    "LADDER_WORKERS": ("s3cret", "0", "65", "1.5", ""),
    "LADDER_METRICS": ("s3cret", ":1", "on", ""),
    "LADDER_MAX_CONNECTIONS": ("s3cret", "0", "1.5"),
    "LADDER_IDLE_SECONDS": ("s3cret", "0", "3601"),
    "LADDER_HEADER_SECONDS": ("s3cret", "-1"),
    "LADDER_BODY_SECONDS": ("s3cret", "0"),
    "LADDER_SEND_SECONDS": ("s3cret", "0"),
    "LADDER_REVISION_INTERVAL": ("s3cret", "0", "61", "nan", "inf", ""),
    "LADDER_CACHE_BYTES": ("s3cret", "1", "1e9", "128MB"),
    "LADDER_RELEASE_BYTES": ("s3cret", "-1"),
    "LADDER_DERIVED_BYTES": ("s3cret", "-1"),
    "LADDER_READ_ACCESS": ("s3cret", "closed"),
    "LADDER_REQUIRE_REVIEW": ("s3cret", "maybe"),
    "LADDER_TRUSTED_PROXIES": ("s3cret", "10.0.0.0/99", "10.0.0.1/8", "10.0.0.1;10.0.0.2"),
    "LADDER_RATE_FAILURES": ("s3cret", "-1"),
    "LADDER_RATE_WRITES": ("s3cret", "-1"),
    "LADDER_RATE_READS": ("s3cret", "-1"),
    "LADDER_SESSION_HOURS": ("s3cret", "0", "9"),
    "LADDER_TIME_ZONE": ("s3cret", "", "europe berlin", "../etc/passwd", "/etc/localtime", "Europe"),
    "LADDER_PUBLIC_URL": ("s3cret", "ftp://x", "https://x/", "https://x?y"),
    "LADDER_OIDC_ISSUER": ("s3cret", "http://example.org", "https://x?y"),
    "LADDER_OIDC_ALGORITHMS": ("s3cret", "HS256", "none", "RS256, ES256", ""),
    "LADDER_OIDC_LEEWAY": ("s3cret", "-1", "301"),
    "LADDER_OIDC_NAME_CLAIM": ("",),
    "LADDER_OIDC_SCOPES_CLAIM": ("",),
    "LADDER_OIDC_SCOPES": ("s3cret", "a=b", "a read"),
    "LADDER_OIDC_CLIENT_ID": ("s3cret",),
    "LADDER_OIDC_CLIENT_SECRET_FILE": ("s3cret",),
    "LADDER_OIDC_LABEL": ("",),
    "LADDER_SERVER": ("s3cret", "ftp://s3cret", "https://host?x", "https://host#x", "https://"),
    "LADDER_KEY": ("s3cret key", "s3crét", "s3cret\tkey"),
}
"""Values that are wrong, by setting: of another type, out of range, misspelt, empty."""

ANYTHING = {"LADDER_OIDC_AUDIENCE", "LADDER_OIDC_CLIENT_SECRET", "LADDER_CONTACT"}
"""Settings that take any text."""

WORDS = {
    "PORT": "PORT must be a whole number from 0 to 65535.",
    "LADDER_ROOT_PATH": "LADDER_ROOT_PATH must be a path such as /career, without a slash at the end.",
    "LADDER_SEED": "LADDER_SEED must be true or false.",
    "LADDER_LOG_LEVEL": "LADDER_LOG_LEVEL must be debug, info, warning or error.",
    "LADDER_METRICS": "LADDER_METRICS must be an address with a port, such as 127.0.0.1:9464, or off.",
    "LADDER_REVISION_INTERVAL": "LADDER_REVISION_INTERVAL must be a number greater than 0, and 60 at most.",
    "LADDER_CACHE_BYTES": "LADDER_CACHE_BYTES must be a whole number, 1000000 or more.",
    "LADDER_TRUSTED_PROXIES": (
        "LADDER_TRUSTED_PROXIES must be addresses or networks such as 10.0.0.0/8, separated by commas."
    ),
    "LADDER_TIME_ZONE": (
        "LADDER_TIME_ZONE must be the name of a time zone such as Europe/Berlin, as IANA spells it."
    ),
    "LADDER_OIDC_ISSUER": "LADDER_OIDC_ISSUER must be an https URL such as https://login.example.org, or empty.",
    "LADDER_SERVER": (
        "LADDER_SERVER must be a URL such as https://ladders.example.org, without `?` and `#`."
    ),
}
"""Whole messages of some."""


def test_every_setting_is_tried() -> None:
    every = {
        variable(name, field)
        for settings in (Settings, RemoteSettings)
        for name, field in settings.model_fields.items()
    }
    assert WRONG.keys() | ANYTHING == every


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, values in WRONG.items() for value in values]
)
def test_a_wrong_setting_is_named_with_how_it_should_look(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    if name == "LADDER_KEY":
        monkeypatch.setenv("LADDER_SERVER", "http://127.0.0.1:9")
    commands = {"LADDER_SERVER": ("pull", "acme"), "LADDER_KEY": ("pull", "acme"), "LADDER_HOST": ("serve",)}
    ended = ladder(*commands.get(name, ("list",)))
    assert ended.out == ""
    assert ended.code in ({5} if name == "LADDER_HOST" else {2}), ended.err
    assert "s3cret" not in ended.err.replace("s3cret host", "")
    assert not PYDANTIC.search(ended.err), ended.err
    assert name in ended.err
    if name in WORDS:
        assert ended.err == f"ladder: {WORDS[name]}\n"


def test_an_issuer_needs_an_audience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LADDER_OIDC_ISSUER", "https://login.example.org")
    assert ladder("list").err == (
        "ladder: LADDER_OIDC_AUDIENCE must be set if LADDER_OIDC_ISSUER is: "
        "otherwise tokens for any other service would be accepted.\n"
    )


@pytest.mark.parametrize(
    "arguments",
    [
        ("serve", "--port", "70000"),
        ("serve", "--port", "eighty"),
        ("serve", "--workers", "0"),
        ("audit", "--since", "yesterday"),
        ("audit", "--limit", "0"),
        ("audit", "--until", "2026-02-31"),
        ("publish", "small.yaml", "--bump", "huge"),
        ("publish", "small.yaml", "--version", "1.0"),
        ("publish", "small.yaml", "--effective-from", "soon"),
        ("publish", "small.yaml", "--notes", "\x00"),
        ("publish", "small.yaml", "--because", " "),
        ("keys", "create", "--owner", "ann", "--scope", "read", "--expires", "soon"),
        ("keys", "create", "--owner", "ann", "--scope", "fly"),
        ("keys", "rotate", "clk_x", "--grace", "soon"),
        ("export", "small", "--format", "xml"),
        ("deprecate", "small@1.0", "--reason", "Old."),
        ("settings", "small", "--visibility", "secret"),
    ],
)
@pytest.mark.usefixtures("some_database", "small")
def test_a_wrong_option_is_reported_in_plain_words(arguments: tuple[str, ...]) -> None:
    ended = ladder(*arguments)
    assert (ended.code, ended.out) == (2, ""), ended
    assert not PYDANTIC.search(ended.err), ended.err
