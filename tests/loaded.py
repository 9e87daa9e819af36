"""The program as `forked` loads it once: everything that servers and most commands import.

The routes are built, too.
"""

import gc

import psycopg  # noqa: F401 - loaded, not used
import sqlalchemy.dialects.postgresql.psycopg  # noqa: F401 - loaded, not used
import uvicorn.supervisors  # noqa: F401 - loaded, not used

import app.cli.commands.serve
import app.cli.program
import app.formats.bundle.reader
import app.serving.connection.protocol
import app.store.maintenance.migrating  # noqa: F401 - loaded, not used
from app.main import create_api, get_ready
from app.settings import Settings

get_ready(create_api(Settings(_env_file=None)))
gc.freeze()
