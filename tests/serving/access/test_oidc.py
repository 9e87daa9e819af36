"""Tokens of an OpenID Connect issuer, from a real issuer on the loopback: valid and invalid ones."""

import hashlib
import hmac
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from app.serving.access.oidc_tokens import grants
from app.serving.callers import Grant
from app.settings import Settings
from tests.api.serving import NETFLIX, NOW, Api, Clock, problem, serve
from tests.databases import SqliteDatabases
from tests.serving.issuers import AUDIENCE, Issuer, issuing, public_pem, unsigned

WRITES = "/v1/ladders/example-engineering@draft/levels/none"
ADMINS = "/v1/audit"


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    with issuing() as found:
        yield found


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def api(sqlite_databases: SqliteDatabases, issuer: Issuer, clock: Clock) -> Iterator[Api]:
    settings = {"oidc_issuer": issuer.url, "oidc_audience": AUDIENCE, "rate_failures": 0}
    with sqlite_databases.fresh("seeded") as url, serve(url, clock, **settings) as served:
        yield served


def status(api: Api, headers: dict[str, str], path: str = NETFLIX) -> int:
    return api.client.get(path, headers=headers).status_code


def why(api: Api, token: str) -> str:
    """Return the reason for refusing a token, after checking that it is refused and not repeated."""
    answer = api.client.get(NETFLIX, headers={"authorization": f"Bearer {token}"})
    assert problem(answer)[:2] == (401, "unauthenticated")
    assert answer.headers["www-authenticate"] == 'Bearer realm="career-ladder", error="invalid_token"'
    assert all(part not in answer.text for part in token.split(".") if part)
    return problem(answer)[2].removeprefix("This credential is not valid: ")


def test_a_valid_token_is_accepted_and_its_claims_give_rights(api: Api, issuer: Issuer) -> None:
    for key in ("first", "curve"):
        assert status(api, issuer.bearer(key)) == 200
        assert api.client.delete(WRITES, headers=issuer.bearer(key)).status_code not in (401, 403)
        assert status(api, issuer.bearer(key), ADMINS) == 403
    assert status(api, issuer.bearer(scope="ladder.admin"), ADMINS) == 200
    assert status(api, issuer.bearer(scope="nothing of ours")) == 200  # reading is open
    assert api.client.delete(WRITES, headers=issuer.bearer(scope="openid")).status_code == 403


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"exp": -31}, "it has expired."),
        ({"nbf": 31}, "it is not valid yet."),
        ({"aud": "another service"}, "it is for another audience."),
        ({"aud": None}, "it lacks one of the claims `exp`, `iss` and `aud`."),
        ({"iss": "https://issuer.example.org"}, "it is of another issuer."),
        ({"iss": None}, "it lacks one of the claims `exp`, `iss` and `aud`."),
        ({"exp": None}, "it lacks one of the claims `exp`, `iss` and `aud`."),
        ({"nbf": "soon"}, "its times are not numbers."),
        *(
            ({"sub": name}, "its claim `sub` is not a name.")
            for name in (
                None,
                "",
                " ",
                "x" * 201,
                "two\nlines",
                "half \ud800",
                "cli:root",
                "CLI:root",
                " cli :root",
                "\uff43\uff4c\uff49\uff1aroot",
                "\u200bcli:root",
            )
        ),
    ],
    ids=str,
)
def test_a_token_whose_claims_do_not_hold_is_refused(
    api: Api, issuer: Issuer, changed: dict[str, Any], reason: str
) -> None:
    now = int(NOW.timestamp())
    moved: dict[str, Any] = {
        name: now + value if name in ("exp", "nbf") and isinstance(value, int) else value
        for name, value in changed.items()
    }
    assert why(api, issuer.token("first", None, **moved)) == reason


def test_clocks_may_differ_a_little(api: Api, issuer: Issuer) -> None:
    now = int(NOW.timestamp())
    assert status(api, issuer.bearer(exp=now - 29)) == 200
    assert status(api, issuer.bearer(nbf=now + 29)) == 200


def test_a_token_ends_when_its_time_is_over(api: Api, issuer: Issuer, clock: Clock) -> None:
    bearer = issuer.bearer()
    assert status(api, bearer) == 200
    clock.moment = NOW + timedelta(seconds=331)
    assert status(api, bearer) == 401


def test_one_of_several_audiences_may_be_ours(api: Api, issuer: Issuer) -> None:
    assert status(api, issuer.bearer(aud=["another", AUDIENCE])) == 200
    assert why(api, issuer.token(aud=["another", "third"])) == "it is for another audience."


def test_an_algorithm_that_is_not_pinned_is_refused(api: Api, issuer: Issuer) -> None:
    taken = "its algorithm is not one of those that are taken."
    assert why(api, issuer.token("first", "RS512")) == taken
    assert why(api, issuer.token("first", "PS256")) == taken
    for none in ("none", "None", "NONE", ""):
        assert why(api, unsigned(issuer.claims(), {"alg": none, "kid": "first", "typ": "JWT"})) == taken


def test_a_public_key_is_not_accepted_as_a_shared_secret(api: Api, issuer: Issuer) -> None:
    """The old attack: a token by HMAC, with the public key, which everybody has, as the secret."""
    for algorithm in ("HS256", "hs256", "RS256"):
        header = {"alg": algorithm, "kid": "first", "typ": "JWT"}
        said = unsigned(issuer.claims(), header).rpartition(".")[0]
        signature = hmac.digest(public_pem("first"), said.encode(), hashlib.sha256)
        why(api, unsigned(issuer.claims(), header, signature))


def test_a_key_is_taken_for_its_own_algorithm_only(api: Api, issuer: Issuer) -> None:
    header, claims, signature = issuer.token("curve").split(".")
    assert header
    for claimed in (
        {"alg": "RS256", "kid": "curve"},
        {"alg": "ES256", "kid": "first"},
        {"alg": "ES256", "kid": "shared"},
    ):
        other = unsigned({}, claimed).partition(".")[0]
        why(api, f"{other}.{claims}.{signature}")


def test_a_changed_token_is_refused(api: Api, issuer: Issuer) -> None:
    header, _, signature = issuer.token().split(".")
    claims = issuer.token(scope="ladder.admin").split(".")[1]
    assert why(api, f"{header}.{claims}.{signature}") == "its signature or content does not hold."
    assert why(api, f"{header}.{claims}.") == "its signature or content does not hold."


@pytest.mark.parametrize(
    "token",
    [
        "a.b.c",
        "a",
        "..",
        "e30.e30.",
        unsigned({}, {"alg": ["RS256"]}),
        unsigned({}, {"alg": "RS256", "kid": {}}),
    ],
)
def test_a_malformed_token_is_refused(api: Api, token: str) -> None:
    answer = api.client.get(NETFLIX, headers={"authorization": f"Bearer {token}"})
    assert problem(answer)[:2] == (401, "unauthenticated")


def test_a_token_nested_without_end_is_refused(api: Api) -> None:
    deep = unsigned({}, {}).replace(
        "e30", __import__("base64").urlsafe_b64encode(b"[" * 5000).decode().rstrip("=")
    )
    assert api.client.get(NETFLIX, headers={"authorization": f"Bearer {deep}"}).status_code == 401


def test_a_new_key_is_learnt_when_a_token_names_it_and_an_old_one_is_forgotten(
    api: Api, issuer: Issuer
) -> None:
    assert status(api, issuer.bearer("first")) == 200
    issuer.published = ["second"]
    _let_time_pass(api)
    assert status(api, issuer.bearer("second")) == 200
    assert why(api, issuer.token("first")) == "the issuer has no such signing key."


def test_a_flood_of_unknown_keys_does_not_reach_the_issuer(api: Api, issuer: Issuer) -> None:
    assert status(api, issuer.bearer("first")) == 200
    _let_time_pass(api)
    before = issuer.asked
    for _ in range(20):
        assert status(api, issuer.bearer("second")) == 401
    assert issuer.asked == before + 1


def test_a_weak_key_is_ignored(api: Api, issuer: Issuer) -> None:
    issuer.published = ["first", "weak"]
    _let_time_pass(api)
    with pytest.warns(match="below the minimum"):
        token = issuer.token("weak")
    assert why(api, token) == "the issuer has no such signing key."


def test_with_the_issuer_away_known_keys_work_and_unknown_ones_are_503(api: Api, issuer: Issuer) -> None:
    assert status(api, issuer.bearer("first")) == 200
    issuer.broken = True
    _let_time_pass(api)
    answer = api.client.get(NETFLIX, headers=issuer.bearer("second"))
    assert problem(answer)[:2] == (503, "unavailable")
    assert answer.headers["retry-after"] == "5"
    assert status(api, issuer.bearer("first")) == 200
    issuer.broken, issuer.published = False, ["first", "second"]
    _let_time_pass(api)
    assert status(api, issuer.bearer("second")) == 200


@pytest.mark.parametrize(
    "says",
    [
        {"issuer": "https://issuer.example.org"},
        {"jwks_uri": "http://keys.example.org/keys"},
        {"jwks_uri": "file:///etc/passwd"},
        {"jwks_uri": None},
        {"jwks_uri": "http://["},
    ],
    ids=str,
)
def test_an_invalid_response_of_the_issuer_is_ignored(
    sqlite_databases: SqliteDatabases, issuer: Issuer, says: dict[str, Any]
) -> None:
    issuer.says = says
    settings = {"oidc_issuer": issuer.url, "oidc_audience": AUDIENCE}
    with sqlite_databases.fresh("seeded") as url, serve(url, Clock(), **settings) as api:
        assert status(api, issuer.bearer()) == 503
        assert status(api, {}) == 200


def test_an_issuer_that_is_down_at_start_stops_nothing_else(
    sqlite_databases: SqliteDatabases,
) -> None:
    settings = {"oidc_issuer": "http://127.0.0.1:9", "oidc_audience": AUDIENCE}
    with sqlite_databases.fresh("seeded") as url, serve(url, Clock(), **settings) as api:
        assert (status(api, {}), status(api, api.key("ada", "read"))) == (200, 200)
        with issuing() as issuer:
            assert status(api, issuer.bearer()) == 503


def test_roles_in_an_object_may_be_bound_to_ladders(
    sqlite_databases: SqliteDatabases, issuer: Issuer
) -> None:
    settings = {
        "oidc_issuer": issuer.url,
        "oidc_audience": AUDIENCE,
        "oidc_name_claim": "email",
        "oidc_scopes_claim": "realm_access.roles",
        "oidc_scopes": "hr=read+write@example-engineering leads=review@netflix-engineering",
    }
    with sqlite_databases.fresh("seeded") as url, serve(url, Clock(), **settings) as api:
        bearer = issuer.bearer(email="ada@example.org", realm_access={"roles": ["hr", "leads", 7, "others"]})
        assert api.client.delete(WRITES, headers=bearer).status_code not in (401, 403)
        other = WRITES.replace("example-engineering", "netflix-engineering")
        assert api.client.delete(other, headers=bearer).status_code == 403
        for odd in (["hr"], {"roles": {"hr": True}}, "hr", None):
            refused = issuer.bearer(email="ada@example.org", realm_access=odd)
            assert api.client.delete(WRITES, headers=refused).status_code == 403


def test_the_mapping_keeps_rights_and_ladders_together() -> None:
    assert grants("a=read b=write+review@x+y a=admin@z https://claims/c=read") == {
        "a": (Grant(frozenset({"read"})), Grant(frozenset({"admin"}), frozenset({"z"}))),
        "b": (Grant(frozenset({"write", "review"}), frozenset({"x", "y"})),),
        "https://claims/c": (Grant(frozenset({"read"})),),
    }


@pytest.mark.parametrize(
    "wrong",
    [
        {"oidc_issuer": "http://issuer.example.org", "oidc_audience": "x"},
        {"oidc_issuer": "https://issuer.example.org"},
        {"oidc_algorithms": "HS256"},
        {"oidc_algorithms": "RS256,none"},
        {"oidc_algorithms": ""},
        {"oidc_scopes": "x=write@"},
        {"oidc_scopes": "x=owner"},
        {"oidc_leeway": 3600},
    ],
    ids=str,
)
def test_settings_that_weaken_tokens_are_refused_at_start(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Settings(**wrong)


def _let_time_pass(api: Api) -> None:
    """As if the last look at the issuer had been a while ago."""
    found = api.application.serving.issuer
    assert found is not None
    found._looked = time.monotonic() - 60  # noqa: SLF001 - five seconds are long in a test
