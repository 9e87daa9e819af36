"""Requests of clients and proxies that write headers in their own way."""

import pytest

from app.serving.answers.negotiation import accepts, matches


@pytest.mark.parametrize("accept", [b"application/problem+json", b"application/vnd.oai.openapi+json"])
def test_a_client_that_asks_only_for_a_kind_of_json_gets_json(accept: bytes) -> None:
    assert accepts(accept, "application/json")
    assert not accepts(accept, "text/html")


def test_json_that_is_refused_by_name_is_not_sent() -> None:
    assert not accepts(b"application/json;q=0, application/problem+json", "application/json")


@pytest.mark.parametrize(
    "sent", [b'"a1-gzip"', b'"a1--gzip"', b'"a1;gzip"', b'W/"a1"', b'W/"a1-br"', b'"x", "a1-zstd"']
)
def test_a_tag_that_a_proxy_changed_is_known(sent: bytes) -> None:
    assert matches(sent, b'"a1"')


@pytest.mark.parametrize("sent", [b'"a2-gzip"', b'"a1-other"', b'"a1gzip"'])
def test_another_tag_is_not_known(sent: bytes) -> None:
    assert not matches(sent, b'"a1"')
