"""The memory of a worker: whatever is read, settings bound what it keeps."""

import gc
from datetime import timedelta
from typing import Final

from app.rubric.diff.changes import Diff
from app.rubric.index import Index
from bench.generate import ENTITIES_300, generate, slug_of
from tests.api.drafting import write_draft
from tests.api.serving import NOW, Api, serve
from tests.databases import SqliteDatabases

_LADDERS: Final = 12
_LEAST: Final = 1_000_000
"""The least bytes that the settings allow."""
_READS: Final = (
    "",
    "/document",
    "/matrix",
    "/levels/g7/effective",
    "/levels/g3/next",
    "/compare?from=g2&to=g5",
)


def _living(kind: type) -> int:
    gc.collect()
    return sum(isinstance(one, kind) for one in gc.get_objects())


def _read_all(api: Api, author: dict[str, str], number: int) -> None:
    ladder, slug = generate(number, ENTITIES_300), slug_of(number)
    api.publish(ladder, "1.0.0", NOW - timedelta(days=2))
    api.publish(ladder.model_copy(update={"summary": "Another."}), "1.0.1", NOW - timedelta(days=1))
    write_draft(api, ladder.model_copy(update={"summary": "Edited."}))
    for reference in (slug, f"{slug}@1.0.0", f"{slug}@draft"):
        for path in _READS:
            answer = api.client.get(f"/v1/ladders/{reference}{path}", headers=author)
            assert answer.status_code == 200, answer.text
    for path in ("diff", "diff?to=draft"):
        assert api.client.get(f"/v1/ladders/{slug}/{path}", headers=author).status_code == 200


def test_the_ladders_and_diffs_in_memory_are_bounded_by_settings(sqlite_databases: SqliteDatabases) -> None:
    """With the least memory that settings allow, each store keeps what it read last, and nothing else stays."""
    with (
        sqlite_databases.fresh("migrated") as url,
        serve(url, release_bytes=_LEAST, derived_bytes=_LEAST, cache_bytes=_LEAST) as api,
    ):
        author = api.key("ann", "read", "write")
        indexes, diffs = _living(Index), _living(Diff)
        for number in range(_LADDERS):
            _read_all(api, author, number)
        assert api.application.serving.loaded.size <= _LEAST
        # One ladder takes more than half of the limit: one of the releases, one of the drafts, two in a comparison.
        assert _living(Index) - indexes <= 4
        # Diffs of a few changes are small; their share of the limit is far from full.
        assert 0 < _living(Diff) - diffs <= 2 * _LADDERS
