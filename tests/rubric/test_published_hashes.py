"""The content hashes of what was published before the model grew: every later version of the software keeps them."""

from pathlib import Path
from typing import Final

import pytest

from app.formats.bundle.reader import read_bundle
from app.rubric.canonical import canonical, content_sha256

_PUBLISHED: Final = Path(__file__).parent / "published"
_HASHES: Final = {
    "forks": "e80fd442b601ddef348f695a36458053345d039124021bc802f7dc12f4cb301d",
    "role-families": "3d827c47324adf7fec77174f40b81e6b2e4a5aa80fbfbc53f66bc01e50be3709",
    "two-tracks": "93e7cbc8840b9ed0de4bec20ee581628e0d1755db3719fe07eeb2a7b60fba37e",
}


@pytest.mark.parametrize("name", _HASHES)
def test_a_ladder_without_new_properties_keeps_its_hash(name: str) -> None:
    ladder = read_bundle(_PUBLISHED / f"{name}.yaml").ladder

    assert content_sha256(canonical(ladder)) == _HASHES[name]
