"""Forked processes: they have the program loaded. If forking fails, tests would be slow without notice."""

import sys
from multiprocessing import Pipe
from multiprocessing.connection import Connection

from tests.forked import forking


def tell_what_is_loaded(told: Connection) -> None:
    told.send("app.cli.commands.serve" in sys.modules)


def test_a_forked_process_has_loaded_the_program() -> None:
    heard, told = Pipe(duplex=False)
    process = forking().Process(target=tell_what_is_loaded, args=(told,))
    process.start()
    assert heard.poll(60)
    assert heard.recv() is True
    process.join(60)
