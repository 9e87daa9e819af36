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

from httpx2 import Response
from starlette.testclient import TestClient

from app.api.samples import ANSWERS, KEYS, PROBLEMS, REFUSALS, STORY, Sample
from app.cli.seeding import seed_missing
from app.main import create_api, create_app
from app.settings import Settings
from app.store.engine import open_engine, writing
from app.store.keys import create_key
from app.store.migrating import migrate

PATH: Final = Path(__file__).parents[1] / "app" / "api" / "samples.json"
TODAY: Final = datetime(2026, 11, 22, 12, tzinfo=UTC)
"""The moment at which the examples are asked: all bundled releases are out."""
_BEFORE: Final = datetime(2026, 1, 1, tzinfo=UTC)
Operation = tuple[str, str]
"""Method and path."""
Operations = dict[str, Operation]
"""By operationId."""
_HEADERS: Final = {"x-request-id": "docs-example"}


def record() -> dict[str, dict[str, Any]]:
    """All answers: `answers` by operation, `problems` by code."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/ladder.db"
        _seed(url)
        with _client(url, TODAY) as client:
            operations = _operations()
            answers = {name: _answer(client, _url(operations[name][1], one)) for name, one in ANSWERS.items()}
            asked = {code: _problem(client, line) for code, line in PROBLEMS.items()}
        with _client(url, _BEFORE) as client:
            asked["nothing-in-force"] = _problem(client, PROBLEMS["nothing-in-force"])
        with _client(f"sqlite:///{folder}/away.db", TODAY) as client:
            asked["unavailable"] = _problem(client, PROBLEMS["unavailable"])
        told, refused = _play(f"sqlite:///{folder}/story.db", operations)
    return {"answers": answers | told, "problems": asked | refused}


def _seed(url: str) -> None:
    migrate(url)
    engine = open_engine(url)
    seed_missing(engine, TODAY, lambda _: None)
    engine.dispose()


def _client(url: str, moment: datetime) -> TestClient:
    settings = Settings(database_url=url, log_level="error")
    return TestClient(create_app(settings, lambda: moment), headers=_HEADERS, follow_redirects=False)


def _play(url: str, operations: Operations) -> tuple[dict[str, Any], dict[str, Any]]:
    """Play the story of those who write: the first answer of each operation, and the refusals by code."""
    _seed(url)
    bearers = _bearers(url)
    told: dict[str, Any] = {}
    with _client(url, TODAY) as client:
        for name, sample in STORY:
            answer = _send(client, operations[name], sample, bearers)
            if not answer.is_success:
                raise SystemExit(f"{name} answered {answer.status_code}: {answer.text}")
            told.setdefault(name, _body(answer))
            client.app.serving.freshness.refresh()  # type: ignore[attr-defined]  # the TestClient's, untyped
        refused = {
            code: _send(client, operations[name], sample, bearers).json()
            for code, (name, sample) in REFUSALS.items()
        }
    return told, refused


def _bearers(url: str) -> dict[str, str]:
    """The Authorization header of everybody in the story."""
    engine = open_engine(url)
    with writing(engine) as connection:
        keys = {who: create_key(connection, who, scopes, TODAY)[0] for who, scopes in KEYS.items()}
    engine.dispose()
    return {who: f"Bearer {key}" for who, key in keys.items()}


def _send(client: TestClient, operation: Operation, sample: Sample, bearers: dict[str, str]) -> Response:
    method, path = operation
    url = _url(path, sample)
    headers = {"content-type": sample.media_type} if sample.body is not None else {}
    if sample.who is not None:
        headers["authorization"] = bearers[sample.who]
    if method in {"PUT", "PATCH", "DELETE"}:
        tag = client.get(url.partition("?")[0], headers=headers).headers.get("etag")
        headers |= {"if-none-match": "*"} if tag is None else {"if-match": tag}
    headers |= sample.headers
    content = None
    if sample.body is not None:
        content = sample.body if isinstance(sample.body, str) else json.dumps(sample.body, ensure_ascii=False)
    return client.request(method, url, headers=headers, content=content)


def _body(answer: Response) -> Any:  # noqa: ANN401 - any JSON
    """What was answered: JSON, text, or None where there is no body."""
    if not answer.content:
        return None
    return answer.json() if "json" in answer.headers["content-type"] else answer.text


def _operations() -> Operations:
    """Method and path of each operation."""
    document = create_api(Settings()).openapi()
    return {
        operation["operationId"]: (method.upper(), path)
        for path, item in document["paths"].items()
        for method, operation in item.items()
    }


def _url(path: str, sample: Sample) -> str:
    url = path.format(**sample.path)
    return f"{url}?{urlencode(sample.query)}" if sample.query else url


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
