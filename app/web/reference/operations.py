"""Operations of the API, as the API reference shows them: a list by topic, and a page for each."""

import json
import re
import shlex
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote, urlencode

from app.web.reference.schemas import Field, Json, default_of, fields_of, resolved, type_of

_PROBLEM: Final = "application/problem+json"
_MOST_LINES: Final = 120
"""The most lines of an example."""
_LONGEST_INLINE: Final = 1_000
"""Characters of a body that the curl command contains. A longer body is read from a file."""
_CODE: Final = re.compile(r"\(`([a-z-]+)`\)")
_SUCCESS: Final = "2"
_DRAFT: Final = "@draft"
ORIGIN: Final = "https://this-server"
"""The server in examples. A script puts the real one in its place."""


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation in the list."""

    name: str
    """Its part of the URL: `read-level`."""
    method: str
    path: str
    title: str


@dataclass(frozen=True, slots=True)
class Topic:
    """The operations with one tag."""

    name: str
    title: str
    description: str
    operations: tuple[Operation, ...]


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of an operation."""

    name: str
    place: str
    """`path`, `query` or `header`."""
    required: bool
    type: str
    description: str
    default: str | None
    example: str
    choices: tuple[str, ...]
    """The allowed values; empty if there is no list of them."""


@dataclass(frozen=True, slots=True)
class Content:
    """A body in one format."""

    media_type: str
    fields: tuple[Field, ...]
    example: str
    shortened: bool
    """True if lines of the example are left out."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A response of an operation."""

    status: str
    description: str
    codes: tuple[str, ...]
    """The error codes that may come with the status."""
    contents: tuple[Content, ...]


@dataclass(frozen=True, slots=True)
class OperationPage:
    """Everything that the page of an operation shows."""

    operation: Operation
    topic: Topic
    description: str
    scopes: tuple[str, ...]
    """The rights of which the caller needs one; empty if it needs none."""
    is_open: bool
    """True if callers without a key are allowed, unless the server requires one."""
    is_at_draft: bool
    """True if the operation changes a draft."""
    parameters: tuple[Parameter, ...]
    bodies: tuple[Content, ...]
    answers: tuple[Answer, ...]
    problems: tuple[Answer, ...]
    curl: str
    can_try: bool
    """True if the page has a form that sends the request without a key."""


class Reference:
    """The API reference of one OpenAPI document."""

    def __init__(self, document: Json, root: str) -> None:
        self.document = document
        self.root = root
        self.about: str = document["info"].get("description", "")
        self._specs = dict(self._read_specs())
        self.topics = tuple(self._read_topics())

    def find(self, name: str) -> OperationPage | None:
        """Return the page of the operation with that name; None if there is none."""
        found = self._specs.get(name)
        return None if found is None else self._page(name, *found)

    def names(self) -> Iterable[str]:
        """Return the names of all operations."""
        return self._specs.keys()

    def example_url(self, name: str, given: Mapping[str, str]) -> str | None:
        """Return the URL of a read with the given parameters; None for an unknown name or another method.

        A path parameter that is not given takes its example.
        """
        found = self._specs.get(name)
        if found is None or found[0] != "get":
            return None
        _, path, spec = found
        parameters = tuple(self._parameters(path, spec))
        values = {one.name: given.get(one.name) or one.example for one in parameters if one.place == "path"}
        query = {
            one.name: given[one.name] for one in parameters if one.place == "query" and given.get(one.name)
        }
        return self.root + _filled(path, values, query)

    def _read_specs(self) -> Iterator[tuple[str, tuple[str, str, Json]]]:
        for path, item in self.document["paths"].items():
            for method, spec in item.items():
                yield spec["operationId"].replace("_", "-"), (method, path, spec)

    def _read_topics(self) -> Iterator[Topic]:
        for tag in self.document["tags"]:
            operations = tuple(
                _operation(name, method, path, spec)
                for name, (method, path, spec) in self._specs.items()
                if tag["name"] in spec["tags"]
            )
            if operations:
                title = tag["name"].replace("-", " ").capitalize()
                yield Topic(tag["name"], title, tag.get("description", ""), operations)

    def _page(self, name: str, method: str, path: str, spec: Json) -> OperationPage:
        parameters, seen = tuple(self._parameters(path, spec)), set[str]()
        bodies = tuple(self._contents(spec.get("requestBody", {}), seen))
        answers = tuple(self._answers(spec, seen))
        security = spec.get("security", ())
        scopes = tuple(spec.get("x-required-scopes", ()))
        is_open = not security or {} in security
        reads_draft = any(one.place == "path" and one.example.endswith(_DRAFT) for one in parameters)
        return OperationPage(
            operation=_operation(name, method, path, spec),
            topic=next(topic for topic in self.topics if topic.name == spec["tags"][0]),
            description=spec.get("description", ""),
            scopes=scopes,
            is_open=is_open,
            is_at_draft=bool(spec.get("x-only-at-draft")),
            parameters=parameters,
            bodies=bodies,
            answers=tuple(one for one in answers if one.status.startswith(_SUCCESS)),
            problems=tuple(one for one in answers if not one.status.startswith(_SUCCESS)),
            curl=_curl(
                self.root, method, path, parameters, self._body(spec), with_key=not is_open or reads_draft
            ),
            can_try=method == "get" and is_open,
        )

    def _parameters(self, path: str, spec: Json) -> Iterator[Parameter]:
        """Yield the parameters: those in the path in order, then those of the query, then the headers."""
        order = {"path": 0, "query": 1, "header": 2}
        found = [resolved(self.document, one) for one in spec.get("parameters", ())]
        for one in sorted(
            found,
            key=lambda one: (order[one["in"]], path.find(f"{{{one['name']}}}"), not one.get("required")),
        ):
            schema = resolved(self.document, one.get("schema", {}))
            yield Parameter(
                name=one["name"],
                place=one["in"],
                required=bool(one.get("required")),
                type=type_of(self.document, schema),
                description=one.get("description", ""),
                default=default_of(one.get("schema", {})),
                example=str(one.get("example", "")),
                choices=tuple(str(value) for value in schema.get("enum", ()) if value is not None),
            )

    def _answers(self, spec: Json, seen: set[str]) -> Iterator[Answer]:
        for status, given in spec["responses"].items():
            answer = resolved(self.document, given)
            content = answer.get("content", {})
            examples = content.get(_PROBLEM, {}).get("examples", {})
            own = _CODE.search(answer.get("description", ""))
            codes = dict.fromkeys([*([own[1]] if own else []), *examples])
            description = _CODE.sub("", answer.get("description", "")).strip()
            yield Answer(
                status,
                "" if description == "Successful Response" else description,
                tuple(codes),
                tuple(self._contents(answer, seen)) if status.startswith(_SUCCESS) else (),
            )

    def _contents(self, holder: Json, seen: set[str]) -> Iterator[Content]:
        for media_type, content in resolved(self.document, holder).get("content", {}).items():
            lines = _text(content.get("example")).splitlines()
            yield Content(
                media_type,
                fields_of(self.document, content.get("schema", {}), seen),
                "\n".join(lines[:_MOST_LINES]),
                len(lines) > _MOST_LINES,
            )

    def _body(self, spec: Json) -> tuple[str, str] | None:
        """Return the media type and text of an example request body; None if the operation takes no body."""
        content = resolved(self.document, spec.get("requestBody", {})).get("content", {})
        for media_type, one in content.items():
            example = one.get("example")
            compact = example if isinstance(example, str) else json.dumps(example, ensure_ascii=False)
            return media_type, compact
        return None


def _operation(name: str, method: str, path: str, spec: Json) -> Operation:
    return Operation(name, method.upper(), path, spec["summary"])


def _filled(path: str, values: Mapping[str, str], query: Mapping[str, str]) -> str:
    """Return a path with its parameters replaced by values, and the query."""
    filled = re.sub(r"\{(\w+)\}", lambda found: quote(values.get(found[1]) or found[0], safe="@:{}"), path)
    return f"{filled}?{urlencode(query, safe=':,@')}" if query else filled


def _curl(
    root: str,
    method: str,
    path: str,
    parameters: Iterable[Parameter],
    body: tuple[str, str] | None,
    *,
    with_key: bool,
) -> str:
    """Return a command that sends an example of the request."""
    given = tuple(parameters)
    values = {one.name: one.example for one in given if one.place == "path"}
    query = {one.name: one.example for one in given if one.place == "query" and one.required}
    url = ORIGIN + root + _filled(path, values, query)
    parts = ["curl"] if method == "get" else ["curl", "--request", method.upper()]
    parts.append(shlex.quote(url) if shlex.quote(url) != url else f"'{url}'")
    if with_key:
        parts += ["--header", '"Authorization: Bearer $LADDER_KEY"']
    if body is not None:
        media_type, text = body
        short = len(text) <= _LONGEST_INLINE
        parts += ["--header", f"'Content-Type: {media_type}'"]
        parts += ["--data", shlex.quote(text)] if short else ["--data", "@body.json"]
    return " ".join(parts)


def _text(example: Any) -> str:  # noqa: ANN401 - any JSON value
    """Return an example as text: JSON with indentation, any other format as it is."""
    if example is None:
        return ""
    return example if isinstance(example, str) else json.dumps(example, indent=2, ensure_ascii=False)
