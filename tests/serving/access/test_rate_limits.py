"""Rate limits: the size of a bucket, who shares one, and bounded memory."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import TooManyRequests
from app.serving.access.client_address import bucket_of, client_address
from app.serving.access.rate_limits import Limit
from app.settings import Settings
from tests.api.serving import NETFLIX, Api, Clock, problem, serve
from tests.databases import SqliteDatabases

PROXIES = Settings(trusted_proxies="10.0.0.0/8, 2001:db8::/32,127.0.0.1").proxies


class Stopwatch:
    """Seconds, as a test sets them."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def test_a_bucket_holds_a_minute_and_fills_evenly() -> None:
    clock = Stopwatch()
    limit = Limit(60, "writes", clock)
    assert [limit.take("ada") for _ in range(61)] == [True] * 60 + [False]
    assert limit.take("grace")
    clock.seconds = 1.0
    assert [limit.take("ada") for _ in range(2)] == [True, False]
    clock.seconds = 1000.0
    assert sum(limit.take("ada") for _ in range(100)) == 60


def test_a_refusal_says_when_to_try_again_and_then_it_works() -> None:
    clock = Stopwatch()
    limit = Limit(2, "writes", clock)
    limit.spend("ada")
    limit.spend("ada")
    with pytest.raises(TooManyRequests) as raised:
        limit.spend("ada")
    assert (raised.value.retry_after, raised.value.detail) == (
        30,
        "Too many writes: about 2 a minute are allowed. Try again in 30 s.",
    )
    clock.seconds = 30.0
    limit.spend("ada")


def test_a_returned_token_can_be_taken_again_but_never_exceeds_the_limit() -> None:
    limit = Limit(2, "failures", Stopwatch())
    limit.give_back("ada")
    assert len(limit) == 0
    assert [limit.take("ada") for _ in range(3)] == [True, True, False]
    limit.give_back("ada")
    assert [limit.take("ada") for _ in range(2)] == [True, False]
    for _ in range(9):
        limit.give_back("ada")
    assert [limit.take("ada") for _ in range(3)] == [True, True, False]


def test_a_limit_of_zero_allows_everything() -> None:
    limit = Limit(0, "reads")
    assert (limit.on, all(limit.take("ada") for _ in range(10_000)), len(limit)) == (False, True, 0)


@given(st.integers(1, 100), st.lists(st.floats(0, 30), max_size=200))
def test_no_more_is_allowed_than_a_bucket_and_what_filled_it(a_minute: int, pauses: list[float]) -> None:
    clock = Stopwatch()
    limit = Limit(a_minute, "reads", clock)
    allowed = 0
    for pause in pauses:
        clock.seconds += pause
        allowed += limit.take("ada")
    assert allowed <= a_minute + sum(pauses) * a_minute / 60 + 1e-6


def test_a_flood_of_addresses_costs_bounded_memory() -> None:
    limit = Limit(1, "reads", Stopwatch())
    for number in range(25_000):
        limit.take(f"10.0.{number // 256}.{number % 256}")
    assert len(limit) == 10_000


def address_of(peer: str, *forwarded: str) -> str:
    """Return the client's address if the proxies of these tests are trusted."""
    headers = [(b"x-forwarded-for", line.encode("latin-1")) for line in forwarded]
    return client_address({"headers": headers}, peer, PROXIES)


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("198.51.100.7", (), "198.51.100.7"),
        ("198.51.100.7", ("192.0.2.1",), "198.51.100.7"),  # anybody can write that
        ("10.1.2.3", (), "10.1.2.3"),
        ("10.1.2.3", ("192.0.2.1",), "192.0.2.1"),
        ("10.1.2.3", ("192.0.2.99, 192.0.2.1",), "192.0.2.1"),  # the left one was sent by the client
        ("10.1.2.3", ("192.0.2.99", "192.0.2.1, 10.9.9.9"), "192.0.2.1"),
        ("10.1.2.3", ("192.0.2.1, what",), "10.1.2.3"),
        ("10.1.2.3", ("10.4.4.4",), "10.4.4.4"),
        ("127.0.0.1", ("192.0.2.1:4711",), "192.0.2.1"),
        ("127.0.0.1", ("[2001:db9::1]:4711",), "2001:db9::1"),
        ("2001:db8::9", ("2001:db9::1",), "2001:db9::1"),
        ("::ffff:10.1.2.3", ("::ffff:192.0.2.1",), "192.0.2.1"),
        ("", ("192.0.2.1",), ""),
        ("testclient", ("192.0.2.1",), "testclient"),
    ],
)
def test_a_trusted_proxy_names_the_client(peer: str, forwarded: tuple[str, ...], address: str) -> None:
    assert address_of(peer, *forwarded) == address


def test_a_long_chain_of_proxies_is_read_from_its_end() -> None:
    assert address_of("10.1.2.3", "9.9.9.9, " * 100_000 + "192.0.2.1") == "192.0.2.1"


def test_an_address_of_version_6_is_counted_with_its_network() -> None:
    assert bucket_of("2001:db8:1:2:3:4:5:6") == bucket_of("2001:db8:1:2::1") == "2001:db8:1:2::/64"
    assert (bucket_of("192.0.2.1"), bucket_of("testclient"), bucket_of("")) == ("192.0.2.1", "testclient", "")


Serve = Callable[..., Api]


def test_wrong_credentials_are_limited_by_address_and_valid_ones_are_not(
    sqlite_databases: SqliteDatabases,
) -> None:
    with sqlite_databases.fresh("seeded") as url, serve(url, Clock(), rate_failures=3) as api:
        key = api.key("ada", "read")
        wrong = {"authorization": f"Bearer clk_{'a' * 10}_{'b' * 43}"}
        assert [api.client.get(NETFLIX, headers=wrong).status_code for _ in range(5)] == [401] * 3 + [429] * 2
        answer = api.client.get(NETFLIX, headers=wrong)
        assert problem(answer)[:2] == (429, "too-many-requests")
        assert (answer.headers["retry-after"], answer.headers["ratelimit"]) == ("20", '"default";r=0;t=20')
        assert api.client.get(NETFLIX, headers=key).status_code == 200
        assert api.client.get(NETFLIX).status_code == 200


def test_writes_are_limited_by_key(sqlite_databases: SqliteDatabases) -> None:
    with sqlite_databases.fresh("seeded") as url, serve(url, Clock(), rate_writes=2) as api:
        ada, grace = api.key("ada", "write"), api.key("grace", "write")
        path = "/v1/ladders/example-engineering@draft/levels/none"
        statuses = [api.client.delete(path, headers=ada).status_code for _ in range(4)]
        assert (429 not in statuses[:2], statuses[2:]) == (True, [429, 429])
        assert api.client.delete(path, headers=grace).status_code != 429
        assert [api.client.get(NETFLIX, headers=ada).status_code for _ in range(5)] == [200] * 5
        assert [api.client.options(NETFLIX).status_code for _ in range(5)] == [204] * 5


def test_reads_are_limited_by_key_or_address_also_hot_ones(sqlite_databases: SqliteDatabases) -> None:
    with sqlite_databases.fresh("seeded") as url, serve(url, Clock(), rate_reads=4) as api:
        ada, grace = api.key("ada", "read"), api.key("grace", "read")
        for headers in ({}, ada, grace):
            hits = api.application.serving.meter.hits
            statuses = [api.client.get(NETFLIX, headers=headers).status_code for _ in range(6)]
            assert statuses == [200] * 4 + [429] * 2
            assert api.application.serving.meter.hits > hits
        assert api.client.get("/readyz").status_code == 200


def test_behind_a_trusted_proxy_each_client_is_counted_and_logged_by_itself(
    sqlite_databases: SqliteDatabases,
) -> None:
    settings = {"rate_reads": 2, "trusted_proxies": "127.0.0.1"}
    with sqlite_databases.fresh("seeded") as url, serve(url, Clock(), **settings) as api:
        transport = api.client._transport  # noqa: SLF001 - the address that the client seems to come from
        transport.client = ("127.0.0.1", 1)  # type: ignore[attr-defined]  # the TestClient's own
        for client in ("192.0.2.1", "192.0.2.2"):
            statuses = [
                api.client.get(NETFLIX, headers={"x-forwarded-for": f"9.9.9.9, {client}"}).status_code
                for _ in range(3)
            ]
            assert statuses == [200, 200, 429]


def test_without_a_trusted_proxy_the_connection_is_counted_whatever_the_header_says(
    sqlite_databases: SqliteDatabases,
) -> None:
    with sqlite_databases.fresh("seeded") as url, serve(url, Clock(), rate_reads=2) as api:
        statuses = [
            api.client.get(NETFLIX, headers={"x-forwarded-for": f"192.0.2.{number}"}).status_code
            for number in range(3)
        ]
        assert statuses == [200, 200, 429]


def test_clients_without_an_address_share_one_count(sqlite_databases: SqliteDatabases) -> None:
    with sqlite_databases.fresh("seeded") as url, serve(url, Clock(), rate_reads=2) as api:
        api.client._transport.client = None  # type: ignore[attr-defined]  # noqa: SLF001 - as on a Unix socket
        assert [api.client.get(NETFLIX).status_code for _ in range(3)] == [200, 200, 429]


@pytest.mark.parametrize("text", ["10.0.0.0/33", "proxy.example.org", "10.0.0.1/8"])
def test_a_trusted_proxy_that_is_not_a_network_is_refused_at_start(text: str) -> None:
    with pytest.raises(ValueError, match="trusted_proxies"):
        Settings(trusted_proxies=text)
