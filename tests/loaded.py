"""What a process has loaded from which `forked` makes others: all that a server imports, with its routes built."""

import gc

import uvicorn.protocols.http.httptools_impl
import uvicorn.supervisors  # noqa: F401 - loaded, not used

import app.cli.program
import app.cli.server
import app.serving.direct  # noqa: F401 - loaded, not used
from app.main import create_api, get_ready
from app.settings import Settings

get_ready(create_api(Settings(_env_file=None)))
gc.freeze()
