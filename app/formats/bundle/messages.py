"""Plain messages for the errors that pydantic finds in a ladder: what is wrong, what is allowed, how to fix it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal, get_args, get_origin, get_type_hints

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from app.field_descriptions import descriptions
from app.formats.bundle.assemble import NESTINGS, RELEASE, SCHEMA
from app.formats.syntax.nodes import Node, Remark, echo
from app.rubric.ladder import Ladder
from app.rubric.shape import properties
from app.rubric.suggest import nearest, slug_from
from app.rubric.text import SLUG_PATTERN, TARGET_PATTERN, Value
from app.validation import in_words

_SLUG_WORDS: Final = "lower-case letters and digits joined by single hyphens"


@dataclass(frozen=True, slots=True)
class _Case:
    """One finding of pydantic, with what it is about."""

    error: ErrorDetails
    name: str
    """The property."""
    node: Node
    """Its value; the mapping that lacks it where it is missing."""
    model: type[Value]
    """The class of the mapping that holds the property."""

    @property
    def limit(self) -> dict[str, Any]:
        return self.error.get("ctx", {})


def remarks_on(
    error: ValidationError, name: str, root: Node, model: type[Value], known: list[Remark]
) -> list[Remark]:
    """One remark for each value that does not fit; `root`, called `name`, was validated as `model`.

    A value that is remarked upon already (`known`) was not read as it stands, and gets no second remark.
    """
    told = {(id(remark.source), remark.at, "") for remark in known}
    remarks = []
    for single in error.errors(include_url=False):
        case = _case(single, name, root, model)
        kind, node = single["type"], case.node
        name_at = node.key_at if kind == "extra_forbidden" else None
        at = node.at if name_at is None else name_at
        # A value needs one remark, a mapping may lack several properties.
        key = (id(node.source), at, case.name if kind == "missing" else "")
        if key not in told:
            told.add(key)
            remarks.append(Remark(node.source, at, _words(case), name_at))
    return remarks


def _case(error: ErrorDetails, name: str, root: Node, model: type[Value]) -> _Case:
    """Follow the error's location as far as it leads through nodes; the rest names a branch of a union."""
    node, holder = root, model
    part: type[Value] | None = model
    for step in error["loc"]:
        if isinstance(step, int) and isinstance(node.value, list):
            node = node.value[step]
        elif isinstance(step, str) and part is not None:
            name, holder = step, part
            known = properties(part).get(step)
            part = known.part if known else None
            node = node.value.get(step, node) if isinstance(node.value, dict) else node
    return _Case(error, name, node, holder)


def _words(case: _Case) -> str:
    kind, name = case.error["type"], case.name
    if kind == "missing":
        return f"`{name}` is missing; add it: {_about(case.model, name)}"
    if kind == "extra_forbidden":
        return _unknown(case.model, name)
    if case.node.value is None:
        what = f"`{name}`" if case.node.key_at is not None else f"an entry of `{name}`"
        return f"{what} is empty; write its value, or delete it"
    if kind in _WORDS:
        return _WORDS[kind](case)
    message = in_words(case.error).rstrip(".")
    return f"`{name}` cannot be {_kind(case.node)}: {message[:1].lower()}{message[1:]}"


def _about(model: type[Value], name: str) -> str:
    description = descriptions(model).get(name, name)
    return description[:1].lower() + description[1:].rstrip(".")


def _unknown(model: type[Value], name: str) -> str:
    allowed = [*model.model_fields]
    if model is Ladder:
        allowed += [RELEASE, SCHEMA]
    for parents, nesting in NESTINGS.items():
        if properties(Ladder)[parents].part is model:
            allowed.append(nesting.inside)
    near = nearest(name, allowed, 1)
    fix = f"did you mean `{near[0]}`?" if near else f"allowed: {', '.join(allowed)}"
    return f"unknown property `{echo(name)}`; {fix}"


def _not_mapping(case: _Case) -> str:
    known = properties(case.model).get(case.name)
    what = f"each entry of `{case.name}`" if known and known.many else f"`{case.name}`"
    return f"{what} must be a mapping, not {_kind(case.node)}; write its properties as `name: value`"


def _not_text(case: _Case) -> str:
    fix = "write text" if isinstance(case.node.value, dict | list) else "put it in quotes"
    return f"`{case.name}` must be text, not {_kind(case.node)}; {fix}"


def _not_fitting(case: _Case) -> str:
    pattern, text = case.limit["pattern"], str(case.node.value)
    if pattern == SLUG_PATTERN:
        guess = _such(slug_from(text), "system-design")
        return f"`{echo(text)}` is not a slug: {_SLUG_WORDS}; write {guess}"
    if pattern == TARGET_PATTERN:
        kind, _, rest = text.partition(":")
        parts = [slug_from(part) for part in rest.split("--")]
        made = f"{kind.strip().lower()}:{'--'.join(part for part in parts if part)}" if all(parts) else None
        return f"`{echo(text)}` is not a reference; write kind and slug: {_such(made, 'level:l5')}"
    return f"`{echo(text)}` is not a language tag; write one such as `en` or `pt-BR`"


def _such(guess: str | None, otherwise: str) -> str:
    return f"`{guess}`" if guess else f"for example `{otherwise}`"


def _not_allowed(case: _Case) -> str:
    allowed = [echo(word) for word in _words_of(get_type_hints(case.model)[case.name])]
    near = nearest(case.node.value, allowed, 1) if isinstance(case.node.value, str) else ()
    fix = f"did you mean `{near[0]}`?" if near else f"write one of {', '.join(allowed)}"
    if len(allowed) == 1:
        fix = f"write `{allowed[0]}`, or delete it"
    return f"`{case.name}` cannot be {_kind(case.node)}; {fix}"


def _words_of(hint: object) -> Iterator[object]:
    """Give the words that a property of a few words can have."""
    if get_origin(hint) is Literal:
        yield from get_args(hint)
        return
    for inner in get_args(hint):
        yield from _words_of(inner)


def _kind(node: Node) -> str:
    value = node.value
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, str):
        return f"the text `{echo(value)}`"
    return f"`{echo(value)}`"


_WORDS: Final[dict[str, Callable[[_Case], str]]] = {
    "model_type": _not_mapping,
    "tuple_type": lambda case: f"`{case.name}` must be a list, not {_kind(case.node)}; put it in a list",
    "string_type": _not_text,
    "string_too_short": lambda case: (
        f"`{case.name}` is an empty text; write something, or delete it if it is optional"
    ),
    "string_too_long": lambda case: (
        f"`{case.name}` is too long; shorten it to {case.limit['max_length']} characters"
    ),
    "string_pattern_mismatch": _not_fitting,
    "literal_error": _not_allowed,
    "int_type": lambda case: (
        f"`{case.name}` must be a number, not {_kind(case.node)}; write digits without quotes"
    ),
}
"""Messages by pydantic's type of error. Its `float_type` always follows an `int_type` about the value."""
