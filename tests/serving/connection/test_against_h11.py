"""The same bytes give the same requests in any segmentation, hot or cold, and h11 agrees on each of them.

h11 is an independent parser. Our parser is stricter: it may reject what h11 accepts, but it never accepts a request
that h11 does not accept, and never reads other bytes in it. `make test` compares twenty thousand connections,
`make soak` a million or CONNECTIONS.
"""

import os
import random
from dataclasses import replace

import pytest

from tests.serving.connection.messages import cut, damaged, messages
from tests.serving.connection.wires import Outcome, ours, run, theirs


async def compare(seed: int, connections: int) -> None:
    dice = random.Random(seed)  # noqa: S311 - cases, no secret
    for number in range(connections):
        sound = messages(dice)
        is_sound = number % 2 == 0
        sent = sound if is_sound else damaged(dice, sound)
        whole = await ours([sent], hot=False)
        parts = cut(dice, sent)
        assert reads(await ours(parts, hot=True)) == reads(whole), parts
        agree(whole, theirs(sent), sent, is_sound=is_sound)


def reads(outcome: Outcome) -> Outcome:
    """Return the outcome with GET for HEAD: a look-up of a hot read does not say which of them it is for."""
    return Outcome(
        tuple(replace(seen, method=seen.method.replace(b"HEAD", b"GET")) for seen in outcome.requests),
        outcome.refused,
    )


def agree(ours: Outcome, theirs: Outcome, sent: bytes, *, is_sound: bool) -> None:
    count = len(ours.requests)
    assert ours.requests == theirs.requests[:count], sent
    if count < len(theirs.requests):
        assert ours.refused is not None, sent  # stricter, and it says so
    if is_sound:
        assert (count, ours.refused) == (len(theirs.requests), None), sent


@pytest.mark.parametrize("seed", range(4))
def test_any_bytes_in_any_segmentation_are_the_requests_that_h11_sees(seed: int) -> None:
    run(compare(seed, 5_000))


@pytest.mark.soak
def test_a_million_connections_are_the_requests_that_h11_sees() -> None:
    seed = random.SystemRandom().randrange(1 << 32)
    print(f"seed {seed}")  # noqa: T201 - to repeat what failed
    run(compare(seed, int(os.environ.get("CONNECTIONS", "1000000"))))
