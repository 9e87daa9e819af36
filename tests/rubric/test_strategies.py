"""The generated ladders use every word and property of the model, or what they prove is less than it seems."""

from typing import Final, get_args

import pytest
from hypothesis import HealthCheck, Phase, find, given, settings

from app.rubric.entities import Entity
from app.rubric.ladder import Ladder
from app.rubric.shape import properties
from app.rubric.text import Value
from tests.strategies import ladders


def _classes(owner: type[Value]) -> set[type[Value]]:
    parts = {item.part for item in properties(owner).values() if item.part is not None}
    return {owner}.union(*(_classes(part) for part in parts))


def _used(value: Value) -> set[tuple[type[Value], str]]:
    found = set()
    for name in type(value).model_fields:
        held = getattr(value, name)
        if held is not None and held != ():
            found.add((type(value), name))
        for item in held if isinstance(held, tuple) else (held,):
            if isinstance(item, Value):
                found |= _used(item)
    return found


_GENERATE: Final = settings(
    max_examples=50,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)


@pytest.mark.soak
def test_every_property_of_every_class_is_used() -> None:
    seen: set[tuple[type[Value], str]] = set()

    @_GENERATE
    @given(ladders())
    def collect(ladder: Ladder) -> None:
        seen.update(_used(ladder))

    collect()
    classes = _classes(Ladder)
    assert set(get_args(Entity)) <= classes
    for rare in {(owner, name) for owner in classes for name in owner.model_fields} - seen:
        _find(rare)


def _find(wanted: tuple[type[Value], str]) -> Ladder:
    """Return a generated ladder that uses a property; raises NoSuchExample where there is none."""
    return find(
        ladders(), lambda ladder: wanted in _used(ladder), settings=settings(_GENERATE, max_examples=1_000)
    )
