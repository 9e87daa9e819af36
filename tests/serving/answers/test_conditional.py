"""Entity tags that a client already has, as clients and proxies write them (RFC 9110, 13.1.2)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.serving.answers.conditional import not_modified

TAGS = st.lists(st.sampled_from(['"a"', '"b"', 'W/"a"', 'W/"c"', '"a,b"', '""']), max_size=5)


@given(TAGS, st.sampled_from([", ", ",", " ,\t"]))
def test_a_tag_matches_if_it_is_in_the_list_weak_or_strong(tags: list[str], comma: str) -> None:
    listed = comma.join(tags).encode()
    assert not_modified(listed, b'"a"') is ('"a"' in tags or 'W/"a"' in tags)


@pytest.mark.parametrize(
    ("if_none_match", "known"),
    [(b"*", True), (b" * ", True), (b"a", False), (b'"*"', False), (b'"ab"', False)],
)
def test_a_star_matches_anything_and_a_tag_only_itself(if_none_match: bytes, known: bool) -> None:  # noqa: FBT001 - a case
    assert not_modified(if_none_match, b'"a"') is known


@pytest.mark.parametrize(
    "sent", [b'"a1-gzip"', b'"a1--gzip"', b'"a1;gzip"', b'W/"a1"', b'W/"a1-br"', b'"x", "a1-zstd"']
)
def test_a_tag_that_a_proxy_changed_is_known(sent: bytes) -> None:
    assert not_modified(sent, b'"a1"')


@pytest.mark.parametrize("sent", [b'"a2-gzip"', b'"a1-other"', b'"a1gzip"'])
def test_another_tag_is_not_known(sent: bytes) -> None:
    assert not not_modified(sent, b'"a1"')
