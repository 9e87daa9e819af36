"""Reading a bundle: one file or a folder of YAML and JSON files that together hold one ladder.

All errors of shape are reported at once, each with `file:line:column` and a fix. `app.rubric.rules` then checks that
slugs are unique and references resolve; `Bundle.locate` finds the places.
"""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, TypeVar

from pydantic import ValidationError

from app.errors import BadRequest, Fault, InvalidLadder
from app.formats.bundle.api_additions import without_additions
from app.formats.bundle.assemble import RELEASE, assemble
from app.formats.bundle.messages import remarks_on
from app.formats.bundle.release_block import ReleaseBlock
from app.formats.bundle.schema import bundle_schema
from app.formats.syntax.files import SUFFIXES, bundle_files, decoded, read_bytes, shown, summary
from app.formats.syntax.json_reader import read_json
from app.formats.syntax.nodes import Node, Place, Remark, Source, first_values, plain, pointers
from app.rubric.ladder import Ladder
from app.rubric.text import Value

__all__ = ["Bundle", "ReleaseBlock", "bundle_schema", "parse_bundle", "read_bundle"]

MAX_FAULTS: Final = 500
"""Most findings listed at once."""
_MANY: Final = 2_000
"""More errors than this are not described one by one: it would take seconds and hundreds of megabytes."""
_LONGEST_INDEX: Final = 10
_SHAPELESS: Final = (
    "a bundle file holds the properties of a ladder (`slug: …`, `levels: …`), not a list or a single value"
)
_Model = TypeVar("_Model", bound=Value)


@dataclass(frozen=True, slots=True)
class Bundle:
    """A ladder read from files, with the places its parts were read from."""

    ladder: Ladder
    release: ReleaseBlock | None
    tree: Node
    """The flat ladder as nodes."""

    def locate(self, pointer: str) -> Place | None:
        """Return the place of what a JSON Pointer (RFC 6901) into the flat ladder names, or of its nearest ancestor.

        None if the text is not a JSON Pointer. The release block is found under `/release`.
        """
        if pointer and not pointer.startswith("/"):
            return None
        node = self.tree
        for step in pointer.split("/")[1:]:
            inner = _inside(node, step.replace("~1", "/").replace("~0", "~"))
            if inner is None:
                break
            node = inner
        return node.place


def read_bundle(path: Path) -> Bundle:
    """Return the bundle in a file or folder.

    Raises BadRequest if a file cannot be read or parsed, and InvalidLadder if the content has not the shape of a
    ladder. Both list all faults, InvalidLadder at most 500.
    """
    loaded: list[tuple[Node, list[Remark]]] = []
    unreadable: list[Fault] = []
    for file in bundle_files(path):
        try:
            loaded.append(_parsed(decoded(read_bytes(file), shown(file))))
        except BadRequest as error:
            unreadable.extend(error.faults)
    if unreadable:
        raise BadRequest(summary(unreadable), faults=unreadable)
    return _bundle(loaded)


def parse_bundle(data: bytes, name: str) -> Bundle:
    """Return the bundle in the bytes of one file; the suffix of its name says whether they are YAML or JSON.

    Raises as `read_bundle` does.
    """
    if not name.lower().endswith(SUFFIXES):
        fault = Source(name, "").fault(0, f"name it with one of {', '.join(SUFFIXES)}")
        raise BadRequest(fault.detail, faults=[fault])
    return _bundle([_parsed(decoded(data, name))])


def parse_document(data: bytes, name: str) -> Ladder:
    """Return the ladder in one body as the API shows it, without what the API adds. Raises as `read_bundle` does."""
    root, remarks = _parsed(decoded(data, name))
    return _bundle([(without_additions(root, Ladder), remarks)]).ladder


def parse_document_within(data: bytes, name: str, member: str) -> tuple[Ladder, dict[str, object]]:
    """Return the ladder in one property of a body, as `parse_document` does, and the other properties.

    Raises as `read_bundle` does, and InvalidLadder if the body does not have that property.
    """
    root, remarks = _parsed(decoded(data, name))
    inner = _inside(root, member)
    if inner is None or not isinstance(root.value, dict):
        raise _invalid([*remarks, Remark(root.source, root.at, f"`{member}` is missing")], [root])
    bundle = _bundle([(without_additions(inner, Ladder), remarks)], f"/{member}")
    others = {name: plain(node) for name, node in root.value.items() if name != member}
    return bundle.ladder, others


def parse_part(data: bytes, name: str, model: type[_Model]) -> _Model:
    """Return a value of any class of the model in one body, as the API shows it. Raises as `read_bundle` does."""
    root, remarks = _parsed(decoded(data, name))
    value, found = _validated(model, model.__name__.lower(), without_additions(root, model), remarks)
    remarks += found
    if remarks or value is None:
        raise _invalid(remarks, [root])
    return value


def _parsed(source: Source) -> tuple[Node, list[Remark]]:
    if source.name.lower().endswith(".json"):
        root, remarks = read_json(source)
    else:
        from app.formats.syntax.yaml_reader import read_yaml  # noqa: PLC0415 - slow to load, and most reading is of JSON

        root, remarks = read_yaml(source)
    if root.value is None and not remarks:
        fault = source.fault(0, "the file is empty; write the properties of a ladder, or delete the file")
        raise BadRequest(fault.detail, faults=[fault])
    return root, remarks


def _bundle(loaded: list[tuple[Node, list[Remark]]], at: str = "") -> Bundle:
    """Return the bundle in these trees, which are at a JSON Pointer of their files."""
    roots = [root for root, _ in loaded]
    remarks = [remark for _, found in loaded for remark in found]
    shapeless = [root for root in roots if not isinstance(root.value, dict)]
    remarks += [Remark(root.source, root.at, _SHAPELESS) for root in shapeless]
    if shapeless:
        raise _invalid(remarks, roots, at)
    tree, assembling = assemble(roots)
    release, about_release = _validated(ReleaseBlock, RELEASE, _inside(tree, RELEASE), remarks)
    ladder, about_ladder = _validated(Ladder, "ladder", _without_release(tree), remarks)
    remarks += [*assembling, *about_release, *about_ladder]
    if remarks or ladder is None:
        raise _invalid(remarks, roots, at)
    return Bundle(ladder, release, tree)


def _validated(
    model: type[_Model], name: str, node: Node | None, known: list[Remark]
) -> tuple[_Model | None, list[Remark]]:
    """Return the node, called `name`, as a value of the model, or remarks on everything that does not fit.

    If there are very many errors, only the first ones are described. `known` are earlier remarks.
    """
    if node is None:
        return None, []
    try:
        return model.model_validate(plain(node)), []
    except ValidationError as error:
        if error.error_count() <= _MANY:
            return None, remarks_on(error, name, node, model, known)
    kept = _MANY
    while True:  # ends at the latest with all values kept
        start = first_values(node, kept)
        try:
            model.model_validate(plain(start))
        except ValidationError as error:
            return None, remarks_on(error, name, start, model, known)
        kept *= 2


def _inside(node: Node, step: str) -> Node | None:
    if isinstance(node.value, dict):
        return node.value.get(step)
    if isinstance(node.value, list) and step.isascii() and step.isdigit() and len(step) < _LONGEST_INDEX:
        return node.value[int(step)] if int(step) < len(node.value) else None
    return None


def _without_release(tree: Node) -> Node:
    members = tree.value if isinstance(tree.value, dict) else {}
    return replace(tree, value={name: node for name, node in members.items() if name != RELEASE})


def _invalid(remarks: list[Remark], roots: list[Node], at: str = "") -> InvalidLadder:
    """Return the error with its faults in document order."""
    order = {id(root.source): position for position, root in enumerate(roots)}
    different = {(id(remark.source), remark.at, remark.detail): remark for remark in remarks}
    in_order = sorted(different.values(), key=lambda remark: (order[id(remark.source)], remark.at))
    listed, unlisted = in_order[:MAX_FAULTS], in_order[MAX_FAULTS:]
    paths = _paths(listed, roots, at)
    faults = [
        remark.source.fault(remark.at, remark.detail, path)
        for remark, path in zip(listed, paths, strict=True)
    ]
    for remark in unlisted[:1]:
        more = "there are more errors after this one; fix those above first"
        faults.append(remark.source.fault(remark.at, more))
    return InvalidLadder(summary(faults), faults=faults)


def _paths(remarks: list[Remark], roots: list[Node], at: str) -> list[str | None]:
    """Return the JSON Pointer of what each remark is about, within its file."""
    subjects = [_subject(remark) for remark in remarks]
    wanted: dict[tuple[int, str, int | None], str | None] = dict.fromkeys(subjects)
    for pointer, node in (pair for root in roots for pair in pointers(root, at)):
        for subject in ((id(node.source), "value", node.at), (id(node.source), "name", node.key_at)):
            if subject in wanted:
                wanted[subject] = pointer
    return [wanted[subject] for subject in subjects]


def _subject(remark: Remark) -> tuple[int, str, int | None]:
    if remark.name_at is None:
        return id(remark.source), "value", remark.at
    return id(remark.source), "name", remark.name_at
