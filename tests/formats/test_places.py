"""Places: a pointer into the flat ladder leads to where its part was written."""

import pickle
from textwrap import dedent

import pytest

from app.errors import InvalidLadder
from app.formats.bundle.reader import Bundle, parse_bundle
from tests.formats.forms import NESTED


def _yaml(text: str) -> Bundle:
    return parse_bundle(dedent(text).encode(), "x.yaml")


@pytest.mark.parametrize(
    ("pointer", "place"),
    [
        ("", "x.yaml:2:1"),
        ("/slug", "x.yaml:3:7"),
        ("/levels/1", "x.yaml:20:9"),
        ("/levels/1/title", "x.yaml:21:16"),
        ("/levels/1/track", "x.yaml:7:11"),
        ("/levels/1/summary", "x.yaml:20:9"),
        ("/levels/2/title", "x.yaml:10:7"),
        ("/levels/x", "x.yaml:10:7"),
        ("/facets/0/competency", "x.yaml:23:11"),
        ("/expectations/0/competency", "x.yaml:14:20"),
        ("/expectations/0/statements/0", "x.yaml:16:17"),
        ("/expectations/0/statements/0/text", "x.yaml:16:17"),
        ("/expectations/0/statements/1/examples/0/text", "x.yaml:17:65"),
        ("/nothing/like/it", "x.yaml:2:1"),
        ("/a~1b~0c", "x.yaml:2:1"),
    ],
)
def test_a_pointer_into_the_flat_ladder_leads_to_the_place_in_the_file(pointer: str, place: str) -> None:
    assert str(_yaml(NESTED).locate(pointer)) == place


def test_the_release_block_has_places_too() -> None:
    bundle = _yaml("slug: a\ntitle: A\nrelease: {version: 1.0.0}")
    assert str(bundle.locate("/release/version")) == "x.yaml:3:20"


def test_what_is_no_pointer_leads_nowhere() -> None:
    assert _yaml(NESTED).locate("levels/0") is None


def test_a_bundle_and_its_errors_pass_between_processes() -> None:
    bundle = _yaml(NESTED)
    copy = pickle.loads(pickle.dumps(bundle))  # noqa: S301 - our own bytes
    assert (copy.ladder, str(copy.locate("/levels/1"))) == (bundle.ladder, "x.yaml:20:9")
    with pytest.raises(InvalidLadder) as raised:
        _yaml("slug: a")
    error = pickle.loads(pickle.dumps(raised.value))  # noqa: S301 - our own bytes
    assert (error.detail, error.faults) == (raised.value.detail, raised.value.faults)
