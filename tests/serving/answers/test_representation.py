"""Representations: bytes made once, the same in every process, with an entity tag for each coding."""

import gzip
import hashlib
import os
import subprocess
import sys
import time
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import brotli
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from app.serving.answers.negotiation import PREFERRED, Coding
from app.serving.answers.representation import SMALLEST, Representation, encode

ROOT = Path(__file__).parents[3]
BODY = b'{"items":[' + b",".join(b'{"slug":"l%d","title":"Level"}' % number for number in range(400)) + b"]}"
HEADERS = ((b"content-type", b"application/json"), (b"cache-control", b"no-cache"), (b"x-thing", b"1"))


def decoded(body: bytes, coding: Coding) -> bytes:
    if coding == "gzip":
        return gzip.decompress(body)
    if coding == "br":
        return bytes(brotli.decompress(body))
    return zstandard.ZstdDecompressor().decompress(body) if coding == "zstd" else body


@given(st.binary(max_size=5000), st.sampled_from(PREFERRED))
def test_every_coding_decodes_to_the_same_bytes(body: bytes, coding: Coding) -> None:
    assert decoded(encode(body, coding), coding) == body


@pytest.mark.parametrize("coding", PREFERRED)
def test_another_process_at_another_time_makes_the_same_bytes(coding: Coding) -> None:
    program = (
        "import sys, hashlib; from app.serving.answers.representation import encode;"
        f"print(hashlib.sha256(encode(sys.stdin.buffer.read(), {coding!r})).hexdigest())"
    )
    time.sleep(1.1 if coding == "gzip" else 0)  # gzip writes the time in seconds where nobody stops it
    other = subprocess.run(
        [sys.executable, "-c", program],
        input=BODY,
        capture_output=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "1"},
    )
    assert other.stdout.decode().strip() == hashlib.sha256(encode(BODY, coding)).hexdigest()


def test_gzip_contains_no_time_and_no_file_name() -> None:
    made = encode(BODY, "gzip")
    assert (made[4:8], made[3]) == (b"\0\0\0\0", 0)
    assert zlib.decompress(made, 31) == BODY


def test_each_coding_has_a_strong_tag_that_is_the_hash_of_its_bytes() -> None:
    representation = Representation.of(BODY, HEADERS)
    coded = {coding: representation.coded(coding) for coding in PREFERRED}
    assert {coding: one.etag for coding, one in coded.items()} == {
        coding: b'"%b"' % hashlib.sha256(one.body).hexdigest()[:32].encode() for coding, one in coded.items()
    }
    assert len({one.etag for one in coded.values()}) == len(PREFERRED)


def test_the_identity_coding_does_not_wait_for_compression() -> None:
    representation = Representation.of(BODY, HEADERS)
    with ThreadPoolExecutor(1) as threads, representation._making:  # noqa: SLF001 - as a slow coding holds it
        assert threads.submit(representation.coded, "identity").result(10).body == BODY
    assert representation.coded("identity") is representation.codings["identity"]


def test_only_a_small_body_is_hashed_without_a_thread() -> None:
    assert Representation.of(b"x" * 128 * 1024, HEADERS).plain_at_once
    assert not Representation.of(b"x" * (128 * 1024 + 1), HEADERS).plain_at_once


def test_headers_are_those_of_the_route_and_of_the_coding() -> None:
    coded = Representation.of(BODY, HEADERS).coded("br")
    assert dict(coded.headers) == {
        **dict(HEADERS),
        b"etag": coded.etag,
        b"vary": b"accept-encoding",
        b"content-encoding": b"br",
        b"content-length": str(len(coded.body)).encode(),
    }
    assert dict(coded.not_modified) == {
        b"cache-control": b"no-cache",
        b"etag": coded.etag,
        b"vary": b"accept-encoding",
    }


def test_vary_keeps_the_headers_that_a_route_named() -> None:
    coded = Representation.of(BODY, (*HEADERS, (b"vary", b"Accept"))).coded("identity")
    assert [value for name, value in coded.headers if name == b"vary"] == [b"Accept, accept-encoding"]


@pytest.mark.parametrize(
    ("size", "media_type", "compressible"),
    [
        (SMALLEST - 1, b"application/json", False),
        (SMALLEST, b"application/json", True),
        (SMALLEST, b"text/html; charset=utf-8", True),
        (SMALLEST, b"image/svg+xml", True),
        (SMALLEST, b"image/png", False),
    ],
)
def test_small_and_already_compressed_bodies_are_not_compressed(
    size: int,
    media_type: bytes,
    compressible: bool,  # noqa: FBT001 - a case
) -> None:
    representation = Representation.of(b"a" * size, ((b"content-type", media_type),))
    names = {name for name, _ in representation.coded("identity").headers}
    assert (representation.compressible, b"vary" in names) == (compressible, compressible)


def test_a_hundred_requests_for_one_coding_share_one_compression() -> None:
    representation = Representation.of(BODY * 50, HEADERS)
    with ThreadPoolExecutor(max_workers=20) as pool:
        made = list(pool.map(representation.coded, ["br"] * 100))
    assert {id(one) for one in made} == {id(representation.codings["br"])}
