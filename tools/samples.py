"""Asks the example requests of the OpenAPI document and writes their answers to `app/api/openapi/examples.json`.

Run by `make openapi`, and by the test that holds the examples true. The bundled ladders are served from a database
in a temporary folder, by the application itself.
"""

import json
import re
import sys
import tempfile
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from httpx2 import Response
from starlette.testclient import TestClient

from app.api.openapi.read_examples import ANSWERS, PROBLEMS, Sample
from app.api.openapi.write_examples import CREATED, DRAFT_SHA256, IDS, KEYS, REFUSALS, STORY
from app.cli.seeding import seed_missing
from app.formats.bundle.reader import read_bundle
from app.main import create_api, create_app
from app.packaged_files import folder
from app.settings import Settings
from app.store.access.api_key import MARK
from app.store.access.keys import create_key
from app.store.audit import Actor
from app.store.engine import open_engine, writing
from app.store.maintenance.migrating import migrate
from app.store.publishing import PublishRequest, carry_out, plan_release
from app.store.revision import take_revision

PATH: Final = Path(__file__).parents[1] / "app" / "api" / "openapi" / "examples.json"
TODAY: Final = datetime(2026, 11, 22, 12, tzinfo=UTC)
"""The moment at which the examples are asked: all bundled releases are out."""
_LATER: Final = datetime(2027, 1, 1, tzinfo=UTC)
"""The moment at which the only release of a ladder comes into force, so that none is in force before."""
Operation = tuple[str, str]
"""Method and path."""
Operations = dict[str, Operation]
"""By operationId."""
Recorded = dict[str, dict[str, Any]]
_SECRET: Final = re.compile(rf"({MARK}[A-Za-z0-9]+)_[A-Za-z0-9]{{43}}")
_HEADERS: Final = {"x-request-id": "docs-example"}
_ELSEWHERE: Final = frozenset({"nothing-in-force", "unavailable", "too-many-requests"})
"""Problems that need a service of their own."""


def record() -> Recorded:
    """Return what `recorded` reads: `answers`, `bodies` that were sent, `titled` examples and `problems`."""
    with tempfile.TemporaryDirectory() as place:
        url = f"sqlite:///{place}/ladder.db"
        _seed(url)
        with _client(url, TODAY) as client:
            operations = _operations()
            answers = {name: _answer(client, operations[name], one) for name, one in ANSWERS.items()}
            asked = {
                code: _problem(client, line) for code, line in PROBLEMS.items() if code not in _ELSEWHERE
            }
        _schedule(f"sqlite:///{place}/scheduled.db")
        with _client(f"sqlite:///{place}/scheduled.db", TODAY) as client:
            asked["nothing-in-force"] = _problem(client, PROBLEMS["nothing-in-force"])
        with _client(url, TODAY, rate_failures=1) as client:
            for _ in range(2):
                asked["too-many-requests"] = _problem(client, PROBLEMS["too-many-requests"])
        with _client(f"sqlite:///{place}/away.db", TODAY) as client:
            asked["unavailable"] = _problem(client, PROBLEMS["unavailable"])
        story = _play(f"sqlite:///{place}/story.db", operations)
    return {
        "answers": answers | story["answers"],
        "bodies": story["bodies"],
        "titled": story["titled"],
        "problems": asked | story["problems"],
    }


def _seed(url: str) -> None:
    migrate(url)
    engine = open_engine(url)
    seed_missing(engine, TODAY, lambda _: None)
    engine.dispose()


def _schedule(url: str) -> None:
    """Publish a bundled ladder whose only release comes into force later."""
    migrate(url)
    engine = open_engine(url)
    request = PublishRequest(now=TODAY, effective_from=_LATER)
    with writing(engine) as connection:
        revision = take_revision(connection)
        ladder = read_bundle(folder("seed") / "netflix-engineering" / "1.0.0.yaml").ladder
        plan = plan_release(connection, ladder, request, require_review=False)
        carry_out(connection, plan, Actor("docs"), TODAY, revision)
    engine.dispose()


def _client(url: str, moment: datetime, **settings: Any) -> TestClient:  # noqa: ANN401 - any setting
    chosen = Settings(database_url=url, log_level="error", **settings)
    return TestClient(create_app(chosen, lambda: moment), headers=_HEADERS, follow_redirects=False)


def _play(url: str, operations: Operations) -> Recorded:
    """Play the story of those who write: the first body and answer of each operation, and the refusals by code."""
    _seed(url)
    keys = _keys(url)
    found: Recorded = {"answers": {}, "bodies": {}, "titled": {}, "problems": {}}
    with _client(url, TODAY) as client:
        player = _Player(client, operations, keys)
        for name, sample in STORY:
            body, answer = player.send(name, sample)
            if not answer.is_success:
                raise SystemExit(f"{name} answered {answer.status_code}: {answer.text}")
            found["answers"].setdefault(name, _body(answer))
            if body is not None:
                found["bodies"].setdefault(name, body)
            if sample.title is not None:
                titled = {"title": sample.title, "body": body, "answer": _body(answer)}
                found["titled"].setdefault(name, []).append(titled)
            player.look()
        for code, (name, sample) in REFUSALS.items():
            found["problems"][code] = player.send(name, sample)[1].json()
    text = json.dumps(found)
    for who, key in keys.items():
        text = text.replace(key.rpartition("_")[0], f"{MARK}{who}")
    for operation, number in player.created.items():
        text = _SECRET.sub(r"\1_…", text).replace(number, IDS[operation])
    known: Recorded = json.loads(text)
    return known


def _keys(url: str) -> dict[str, str]:
    """Return the key of everybody in the story."""
    engine = open_engine(url)
    with writing(engine) as connection:
        before = TODAY - timedelta(days=1)  # one after the other, so that lists have them in this order
        keys = {
            who: create_key(connection, who, scopes, before + timedelta(hours=number))[0]
            for number, (who, scopes) in enumerate(KEYS.items())
        }
    engine.dispose()
    return keys


@dataclass(frozen=True)
class _Player:
    """Sends the requests of the story."""

    client: TestClient
    operations: Operations
    keys: dict[str, str]
    created: dict[str, str] = field(default_factory=dict)
    """The ids that were created, by operation."""

    def look(self) -> None:
        """Let the application see at once what was done."""
        application: Any = self.client.app
        application.serving.freshness.refresh()

    def send(self, name: str, sample: Sample) -> tuple[Any, Response]:
        """Return the body that was sent, and the answer."""
        sent, answer = self._send(name, sample)
        if name in IDS and answer.is_success:
            self.created[name] = answer.json()["id"]
        return sent, answer

    def _send(self, name: str, sample: Sample) -> tuple[Any, Response]:
        method, path = self.operations[name]
        newest = next(reversed(self.created.values()), "")
        there = {one: newest if value == CREATED else value for one, value in sample.path.items()}
        url, headers = _url(path, replace(sample, path=there)), {}
        if sample.who:
            headers["authorization"] = f"Bearer {self.keys[sample.who]}"
        if method in {"PUT", "PATCH", "DELETE"}:
            tag = self.client.get(url.partition("?")[0], headers=headers).headers.get("etag")
            headers |= {"if-none-match": "*"} if tag is None else {"if-match": tag}
        headers = {key: value for key, value in {**headers, **sample.headers}.items() if value}
        if sample.body is None:
            return None, self.client.request(method, url, headers=headers)
        if sample.media_type == "multipart/form-data":
            files = {"file": ("levels.csv", sample.body["file"])}
            return sample.body, self.client.request(method, url, headers=headers, files=files)
        headers["content-type"] = sample.media_type
        body = self._filled(sample.body, sample.path["ladder"]) if "ladder" in sample.path else sample.body
        content = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)
        return body, self.client.request(method, url, headers=headers, content=content)

    def _filled(self, body: Any, ladder: str) -> Any:  # noqa: ANN401 - any JSON
        """Return the body with the content hash of the draft, where one is asked for."""
        if not isinstance(body, dict) or body.get("content_sha256") != DRAFT_SHA256:
            return body
        headers = {"authorization": f"Bearer {self.keys['ada']}"}
        draft = self.client.get(f"/v1/ladders/{ladder}@draft", headers=headers).json()
        return {**body, "content_sha256": draft["content_sha256"]}


def _body(answer: Response) -> Any:  # noqa: ANN401 - any JSON
    """Return the body of a response: JSON, text, or None if it is empty."""
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


def _answer(client: TestClient, operation: Operation, sample: Sample) -> Any:  # noqa: ANN401 - any JSON
    method, path = operation[0], _url(operation[1], sample)
    answer = client.request(method, path, json=sample.body)
    if answer.status_code != 200:  # noqa: PLR2004 - OK
        raise SystemExit(f"{path} answered {answer.status_code}: {answer.text}")
    return _body(answer)


def _problem(client: TestClient, line: str) -> Any:  # noqa: ANN401 - any JSON
    method, path, *header = line.split(" ", 2)
    headers = dict([header[0].split(": ", 1)]) if header else {}
    answer = client.request(method, path, headers=headers)
    if answer.is_success:
        raise SystemExit(f"{line} answered {answer.status_code}, which is not a problem")
    return answer.json()


def main() -> int:
    """Write the file. Exit status 1 where a sample could not be asked."""
    text = json.dumps(record(), ensure_ascii=False, indent=1, sort_keys=True)
    PATH.write_text(text + "\n", "utf-8")
    sys.stdout.write(f"{PATH.name}: {len(text)} characters\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
