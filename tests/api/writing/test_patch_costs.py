"""The cost of a patch: bounded memory and time, and no write lock while it is applied."""

import threading
import time
import tracemalloc
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from types import ModuleType
from typing import Any, Final

import pytest

from app.api.content import document as document_routes
from app.api.content import ladder as ladder_routes
from app.api.writing import entity_routes
from app.api.writing.patching import patched
from app.errors import TooLarge
from app.formats.patches import json_patch
from tests.api.editing import PATCH, DraftWriter, writing_to
from tests.api.serving import Json, problem
from tests.databases import Databases

LONG: Final = "x" * 1_900_000
COPIES: Final[Json] = [{"op": "copy", "from": "/a", "path": f"/b{n}"} for n in range(998)]
ATTACK: Final[Json] = [{"op": "add", "path": "/a", "value": LONG}, *COPIES]
"""A body of 2 MB that would make 1.9 GB."""


@pytest.fixture
def writer(databases: Databases) -> Iterator[DraftWriter]:
    with writing_to(databases) as found:
        yield found


@pytest.mark.parametrize("below", ["", "/document", "/levels/l5"])
def test_a_patch_that_copies_megabytes_is_refused_in_a_second(writer: DraftWriter, below: str) -> None:
    before = time.perf_counter()
    answer = writer.patch(below, ATTACK, PATCH, if_match="*")
    assert problem(answer)[:2] == (413, "too-large")
    assert "The operations add more than" in problem(answer)[2]
    assert time.perf_counter() - before < 1


def test_a_refused_patch_takes_no_more_memory_than_it_may_add() -> None:
    changed = [{"op": "replace", "path": "/a", "value": [LONG[:1000]] * 100}]
    churn: Json = [
        step for n in range(400) for step in (*changed, {"op": "copy", "from": "/a", "path": f"/{n}"})
    ]
    tracemalloc.start()
    try:
        for patch in (ATTACK, [{"op": "add", "path": "/a", "value": 1}, *churn]):
            with pytest.raises(TooLarge):
                json_patch({}, patch, 20 * 1024 * 1024)
        assert tracemalloc.get_traced_memory()[1] < 40 * 1024 * 1024
    finally:
        tracemalloc.stop()


class Gate:
    """A step of the first patch that waits until it is let through."""

    def __init__(self, step: Callable[..., Any]) -> None:
        self._step = step
        self.reached, self.open = threading.Event(), threading.Event()
        self.runs = 0

    def __call__(self, *arguments: Any) -> Any:  # noqa: ANN401 - of the step
        self.runs += 1
        if self.runs == 1:
            self.reached.set()
            assert self.open.wait(30)
        return self._step(*arguments)


def meanwhile(writer: DraftWriter, gate: Gate, below: str) -> Any:  # noqa: ANN401 - the client's answer
    """Send a patch, and change level l4 while it is applied; returns the answer to the patch."""
    with ThreadPoolExecutor(1) as threads:
        slow = threads.submit(writer.patch, below, {"title": "Slow"}, if_match=writer.tag(below))
        assert gate.reached.wait(30)
        quick = writer.patch("/levels/l4", {"title": "Quick"}, if_match=writer.tag("/levels/l4"))
        gate.open.set()
        assert quick.status_code == 200
        return slow.result(30)


def test_a_patch_is_applied_without_the_write_lock_and_again_if_another_entity_changed(
    writer: DraftWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = Gate(patched)
    monkeypatch.setattr(entity_routes, "patched", gate)
    assert meanwhile(writer, gate, "/levels/l5").status_code == 200
    assert gate.runs == 3
    assert {level.slug: level.title for level in writer.ladder().levels} == {"l4": "Quick", "l5": "Slow"}


@pytest.mark.parametrize(("below", "routes"), [("", ladder_routes), ("/document", document_routes)])
def test_a_patch_of_the_draft_is_refused_after_any_other_change(
    writer: DraftWriter, monkeypatch: pytest.MonkeyPatch, below: str, routes: ModuleType
) -> None:
    gate = Gate(patched)
    monkeypatch.setattr(routes, "patched", gate)
    answer = meanwhile(writer, gate, below)
    assert problem(answer)[:2] == (412, "precondition-failed")
    assert answer.headers["etag"] == writer.tag(below)
    assert {level.slug: level.title for level in writer.ladder().levels}["l4"] == "Quick"


def test_a_patch_of_a_changed_entity_is_refused(writer: DraftWriter, monkeypatch: pytest.MonkeyPatch) -> None:
    gate = Gate(patched)
    monkeypatch.setattr(entity_routes, "patched", gate)
    answer = meanwhile(writer, gate, "/levels/l4")
    assert problem(answer)[:2] == (412, "precondition-failed")
    assert {level.slug: level.title for level in writer.ladder().levels}["l4"] == "Quick"
