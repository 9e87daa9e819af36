"""Content codings and media types, compared with a plain reading of RFC 9110."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.serving.answers.negotiation import PREFERRED, Coding, accepts, choose_coding, prefer

WEIGHTS = st.sampled_from([None, "0", "0.0", "0.000", "0.001", "0.5", "0.9", "1", "1.000"])
CODINGS = st.sampled_from(["gzip", "br", "zstd", "identity", "*", "compress", "x-gzip", "GZIP"])
PREFERENCES = st.dictionaries(CODINGS, WEIGHTS, min_size=1, max_size=6).filter(
    lambda said: (
        len(said.keys() & {"gzip", "x-gzip", "GZIP"}) < 2
    )  # two words for one coding contradict each other
)


def header(said: Mapping[str, str | None], space: str = "") -> bytes:
    members = (name if q is None else f"{name}{space};{space}q={q}" for name, q in said.items())
    return f"{space},{space}".join(members).encode()


def weight_of(coding: str, said: Mapping[str, str | None]) -> float:
    """The weight that RFC 9110 (12.5.3) gives a coding: its own, else that of `*`, else none.

    Identity needs no mention to be acceptable; it is then the last resort.
    """
    named = {"gzip" if name.lower() == "x-gzip" else name.lower(): q for name, q in said.items()}
    for name in (coding, "*"):
        if name in named:
            return float(named[name] or 1)
    return 0.0001 if coding == "identity" else 0


@given(PREFERENCES, st.sampled_from(["", " ", "\t"]))
def test_the_coding_of_greatest_weight_is_chosen_and_our_order_breaks_ties(
    said: dict[str, str | None], space: str
) -> None:
    weights = {coding: weight_of(coding, said) for coding in PREFERRED}
    best = max(weights.values())
    expected = next((coding for coding in PREFERRED if weights[coding] == best), None) if best > 0 else None
    assert choose_coding(header(said, space)) == expected


@pytest.mark.parametrize(
    ("accept_encoding", "coding"),
    [
        (None, "identity"),
        (b"", "identity"),
        (b"gzip, deflate, br, zstd", "br"),
        (b"gzip, deflate", "gzip"),
        (b"x-gzip", "gzip"),
        (b"x-gzip, gzip;q=0", "identity"),
        (b"*", "br"),
        (b"*;q=0", None),
        (b"identity;q=0", None),
        (b"identity;q=0, zstd;q=0.1", "zstd"),
        (b"br;q=0, *", "zstd"),
        (b"*;q=0, identity", "identity"),
        (b"br;q=0.2, gzip;q=0.8", "gzip"),
        (b"identity, br;q=0.9", "identity"),
        (b"compress", "identity"),
        (b"br;level=3;q=0.1, gzip;q=0.2", "gzip"),
        (b"br;q=1.5", "br"),
        (b"br;q=-1", "identity"),
        (b"br;q=", "identity"),
        (b"br;q=nan", "identity"),
        (b"br;q=yes, gzip", "gzip"),
        (b",,;;q=1,", "identity"),
        (b"\xff\xfe;q=\xb2", "identity"),
    ],
)
def test_a_coding_is_chosen_from_the_header(accept_encoding: bytes | None, coding: Coding | None) -> None:
    assert choose_coding(accept_encoding) == coding


@given(st.binary(max_size=60))
def test_no_header_breaks_the_choice(junk: bytes) -> None:
    assert choose_coding(junk) in {None, *PREFERRED}
    assert accepts(junk, "application/json") in {True, False}


@pytest.mark.parametrize(
    ("accept", "admitted"),
    [
        (None, True),
        (b"", True),
        (b"*/*", True),
        (b"application/*", True),
        (b"APPLICATION/JSON", True),
        (b"text/html, application/xhtml+xml, */*;q=0.8", True),
        (b"application/json;charset=utf-8", True),
        (b"application/json;q=0.001", True),
        (b"application/json;q=0", False),
        (b"application/json;q=0, */*", False),
        (b"application/*;q=0, */*", False),
        (b"application/*;q=0, application/json", True),
        (b"*/*;q=0, application/*", True),
        (b"text/html", False),
        (b"application/problem+json", True),
        (b"json", False),
        (b"*", False),
    ],
)
def test_the_closest_media_range_decides(accept: bytes | None, admitted: bool) -> None:  # noqa: FBT001 - a case
    assert accepts(accept, "application/json") is admitted


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        (b"application/json;q=0, */*", "text/csv"),
        (b"application/json;q=nan, text/csv", "text/csv"),
        (b"text/*;q=0, */*", "application/json"),
        (b"text/*, text/csv;q=0", "text/markdown"),
        (b"text/csv;header=present;q=0.1, text/markdown;q=0.2", "text/markdown"),
        (b"TEXT/CSV", "text/csv"),
        (b"text/*;q=0", None),
        (b"text/csv ; q = 0", None),
        (b",", None),
    ],
)
def test_of_several_formats_the_preferred_one_is_chosen(accept: bytes, chosen: str | None) -> None:
    assert prefer(accept, ("application/json", "text/csv", "text/markdown")) == chosen


@pytest.mark.parametrize("accept", [b"application/problem+json", b"application/vnd.oai.openapi+json"])
def test_a_client_that_asks_only_for_a_kind_of_json_gets_json(accept: bytes) -> None:
    assert accepts(accept, "application/json")
    assert not accepts(accept, "text/html")


def test_json_that_is_refused_by_name_is_not_sent() -> None:
    assert not accepts(b"application/json;q=0, application/problem+json", "application/json")
