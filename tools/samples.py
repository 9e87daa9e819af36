"""Asks the example requests of the OpenAPI document and writes their answers to `app/api/samples.json`.

Run by `make openapi`, and by the test that holds the examples true. The bundled ladders are served from a database
in a temporary folder, by the application itself.
"""

import json
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from starlette.testclient import TestClient

from app.api.samples import ANSWERS, PROBLEMS
from app.cli.seeding import seed_missing
from app.main import create_api, create_app
from app.settings import Settings
from app.store.engine import open_engine
from app.store.migrating import migrate

PATH: Final = Path(__file__).parents[1] / "app" / "api" / "samples.json"
TODAY: Final = datetime(2026, 11, 22, 12, tzinfo=UTC)
"""The moment at which the examples are asked: all bundled releases are out."""
_BEFORE: Final = datetime(2026, 1, 1, tzinfo=UTC)
_HEADERS: Final = {"x-request-id": "docs-example"}


def record() -> dict[str, dict[str, Any]]:
    """All answers: `answers` by operation, `problems` by code."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/ladder.db"
        _seed(url)
        with _client(url, TODAY) as client:
            answers = {name: _answer(client, path) for name, path in _paths().items()}
            asked = {code: _problem(client, line) for code, line in PROBLEMS.items()}
        with _client(url, _BEFORE) as client:
            asked["nothing-in-force"] = _problem(client, PROBLEMS["nothing-in-force"])
        with _client(f"sqlite:///{folder}/away.db", TODAY) as client:
            asked["unavailable"] = _problem(client, PROBLEMS["unavailable"])
    return {"answers": answers, "problems": asked}


def _seed(url: str) -> None:
    migrate(url)
    engine = open_engine(url)
    seed_missing(engine, TODAY, lambda _: None)
    engine.dispose()


def _client(url: str, moment: datetime) -> TestClient:
    settings = Settings(database_url=url, log_level="error")
    return TestClient(create_app(settings, lambda: moment), headers=_HEADERS, follow_redirects=False)


def _paths() -> dict[str, str]:
    """The URL of each example request, from the path of its operation."""
    document = create_api(Settings()).openapi()
    operations = {
        operation["operationId"]: path
        for path, item in document["paths"].items()
        for operation in item.values()
    }
    found = {}
    for name, sample in ANSWERS.items():
        path = operations[name].format(**sample.path)
        found[name] = f"{path}?{urlencode(sample.query)}" if sample.query else path
    return found


def _answer(client: TestClient, path: str) -> Any:  # noqa: ANN401 - any JSON
    answer = client.get(path)
    if answer.status_code != 200:  # noqa: PLR2004 - OK
        raise SystemExit(f"{path} answered {answer.status_code}: {answer.text}")
    return answer.json()


def _problem(client: TestClient, line: str) -> Any:  # noqa: ANN401 - any JSON
    method, path, *header = line.split(" ", 2)
    headers = dict([header[0].split(": ", 1)]) if header else {}
    return client.request(method, path, headers=headers).json()


def main() -> int:
    """Write the file. Exit status 1 where a sample could not be asked."""
    text = json.dumps(record(), ensure_ascii=False, indent=1, sort_keys=True)
    PATH.write_text(text + "\n", "utf-8")
    sys.stdout.write(f"{PATH.name}: {len(text)} characters\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
