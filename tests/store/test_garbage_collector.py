"""The garbage collector is paused while a release is loaded, and only then."""

import gc
from collections.abc import Iterator

import pytest

from app.store.garbage_collector import Pause


@pytest.fixture
def collecting() -> Iterator[None]:
    was_on = gc.isenabled()
    yield
    (gc.enable if was_on else gc.disable)()


@pytest.mark.usefixtures("collecting")
def test_it_is_off_until_the_last_user_is_done() -> None:
    gc.enable()
    pause = Pause()
    with pause():
        with pause():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()


@pytest.mark.usefixtures("collecting")
def test_it_is_on_again_after_an_error() -> None:
    gc.enable()
    with pytest.raises(LookupError), Pause()():
        raise LookupError
    assert gc.isenabled()


@pytest.mark.usefixtures("collecting")
def test_who_had_turned_it_off_finds_it_off() -> None:
    gc.disable()
    with Pause()():
        pass
    assert not gc.isenabled()
