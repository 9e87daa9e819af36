"""The cost of loading and publishing: few statements at any size, and little time.

Time is that of this process, in which SQLite works too; what else the machine does is not counted.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Engine, event

from app.rubric.ladder import Ladder
from app.store.engine import reading
from app.store.loading import load_content
from app.store.releases import find_releases
from tests.store.samples import full, large, release, small


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    """The statements that the engine runs meanwhile; what begins a transaction is not among them."""
    statements: list[str] = []

    def note(*arguments: object) -> None:
        statement = str(arguments[2])
        if not statement.startswith(("PRAGMA", "BEGIN", "SET TRANSACTION")):
            statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield statements
    event.remove(engine, "before_cursor_execute", note)


@pytest.mark.parametrize("ladder", [small(), full(), large(2_000)], ids=lambda ladder: ladder.slug)
def test_loading_takes_one_select_a_table_and_30_in_all(engine: Engine, ladder: Ladder) -> None:
    made = release(engine, ladder)
    with counted(engine) as statements, reading(engine) as connection:
        load_content(connection, made)
    assert len(statements) == 30
    assert all(statement.startswith("SELECT") for statement in statements)
    assert len({statement.split("FROM ")[1].split()[0] for statement in statements}) == 30


def test_all_releases_are_found_in_two_statements(engine: Engine) -> None:
    for number in range(5):
        release(engine, small(f"ladder-{number}"))
    with counted(engine) as statements, reading(engine) as connection:
        assert len(find_releases(connection)) == 5
    assert len(statements) == 2
