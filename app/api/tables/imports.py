"""Imports: a file of any kind becomes edits of the draft, or a preview of them."""

from dataclasses import dataclass
from functools import partial
from pathlib import PurePath
from typing import Annotated, Final

from fastapi import Depends, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from app.api.protocol.multipart import FORM, FormPart, form_body_of, form_parts
from app.api.protocol.problems import documented
from app.api.protocol.request_bodies import body_in_openapi
from app.api.protocol.routing import FileRoute, resource_router
from app.api.protocol.write_transaction import Change, replay_known
from app.api.reading.draft_etags import whole_tag
from app.api.reading.patterns import SELECTOR
from app.api.reading.queries import Flag
from app.api.reading.reader import serving_of
from app.api.tables.import_bodies import ImportResult, result_values
from app.api.tables.import_plan import ImportPlan, ImportPlanner
from app.api.writing.draft_writes import (
    AT_DRAFT,
    WRITE_ERRORS,
    WriteDraftDep,
    change_draft,
    written,
)
from app.api.writing.preconditions import Preconditions, PreconditionsDep
from app.errors import BadRequest, Invalid
from app.formats.file_import.plan import Mode
from app.formats.file_import.worker import read_apart
from app.rubric.canonical import canonical, content_sha256
from app.rubric.ladder import Ladder
from app.serving.answers.answer import answer_of
from app.store.drafts import Draft, get_draft

router = resource_router("tables", route_class=FileRoute)

_MOST_MAP: Final = 1024 * 1024
_FIELDS: Final = ("file", "map")


class ImportQuery(BaseModel):
    """Query parameters of an import."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    mode: Annotated[
        Mode,
        Field(
            description="`merge`: only cells that were changed in the file become edits; what the file lacks stays. "
            "`replace`: what the file lacks is removed."
        ),
    ] = "merge"
    dry_run: Annotated[
        Flag, Field(description="`true`: write nothing, and return what the import would do.")
    ] = False
    base: Annotated[
        str | None,
        Field(
            pattern=SELECTOR,
            description="What the file was made from: a release number, `latest` or `draft`. By default, the file "
            "says it. With `draft`, every difference from the draft counts as an edit.",
        ),
    ] = None


@dataclass(frozen=True)
class ImportForm:
    """The form of an import."""

    file: str
    """Name of the file, without folders."""
    data: bytes
    mapping: str | None


async def import_form(request: Request, _slug: WriteDraftDep) -> ImportForm:
    """Return the form. Raises BadRequest, UnsupportedMediaType, TooLarge, or Invalid for a field that is wrong."""
    parts = form_parts(await form_body_of(request), request.headers.get("content-type", ""))
    for name in parts:
        if name not in _FIELDS:
            raise Invalid(f"The form has no field {name[:80]!r}. Known: {', '.join(_FIELDS)}.")
    file = parts.get("file")
    if file is None or not file.file:
        raise Invalid("The form lacks the file. Send it in the field `file`, with its name.")
    return ImportForm(
        PurePath(file.file.replace("\\", "/")).name[:200], bytes(file.content), _mapping(parts.get("map"))
    )


def _mapping(part: FormPart | None) -> str | None:
    if part is None:
        return None
    if len(part.content) > _MOST_MAP:
        raise Invalid(f"The field `map` can have at most {_MOST_MAP:,} bytes.")
    try:
        return part.content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadRequest("The field `map` is not UTF-8.") from None


_FORM: Final = body_in_openapi(
    "A form with the file in `file` (XLSX, CSV, TSV, Markdown, HTML, a ladder in YAML or JSON, or one of our tables "
    "in JSON), and optionally the mapping of an earlier import in `map`. At most 20 MB, 200 MB when unpacked, and "
    "250,000 cells.",
    (
        FORM,
        {
            "type": "object",
            "properties": {
                "file": {"type": "string", "contentMediaType": "application/octet-stream"},
                "map": {"type": "string", "description": "A mapping, as YAML."},
            },
            "required": ["file"],
        },
    ),
)


@router.post(
    "/ladders/{ladder}/import",
    response_model=ImportResult,
    responses=documented((*WRITE_ERRORS, Invalid)),
    openapi_extra=AT_DRAFT | _FORM,
)
def import_file(
    request: Request,
    slug: WriteDraftDep,
    conditions: PreconditionsDep,
    query: Annotated[ImportQuery, Query()],
    form: Annotated[ImportForm, Depends(import_form)],
) -> Response:
    """Import a file into the draft.

    A workbook or table that this software wrote becomes the edits that were made in it: only cells that changed since
    the export. A cell that also changed in the draft is a finding, and the draft keeps its value. A ladder in YAML or
    JSON does not say what it was made from: without `base`, every entity becomes what it is in the file. Any other
    sheet is understood by its layout. `dry_run=true` returns what the import would do, and writes nothing.
    """
    replay_known(request)
    contents = read_apart(form.file, form.data, form.mapping, name=PurePath(form.file).stem)
    planner = ImportPlanner(
        serving_of(request), answer_of(request.scope), slug, contents, query.mode, query.base
    )
    work = _Work(request, slug, conditions, planner)
    return work.preview() if query.dry_run else work.write()


@dataclass
class _Work:
    """One import into the draft of a ladder."""

    request: Request
    slug: str
    conditions: Preconditions
    planner: ImportPlanner

    def preview(self) -> Response:
        """Return what the import would do."""
        serving = serving_of(self.request)
        draft = serving.database.ask(partial(get_draft, slug=self.slug, now=serving.clock()))
        if self.conditions.match is not None:
            self.require(draft)
        body = self.result(self.planner.plan(draft), draft, dry_run=True)
        return Response(body.model_dump_json(by_alias=True, exclude_none=True), media_type="application/json")

    def write(self) -> Response:
        """Import, and return what the import did."""
        made: list[Response] = []
        plans: list[ImportPlan] = []

        def change(draft: Draft) -> Ladder:
            self.require(draft)
            plan = self.planner.plan(draft)
            plan.require_known_bases()
            plans[:] = [plan]
            return plan.imported.ladder

        def finish(held: Change, after: Draft) -> None:
            made.append(held.answer(self.result(plans[0], after, dry_run=False), status=200))

        change_draft(self.request, self.slug, change, finish=finish)
        return made[0]

    def require(self, draft: Draft) -> None:
        """Raise PreconditionRequired or PreconditionFailed unless the request names the draft as it is."""
        tag = whole_tag(draft.content_sha256, draft.base_version)
        self.conditions.require(tag, f"The draft of {self.slug!r}")

    def result(self, plan: ImportPlan, draft: Draft, *, dry_run: bool) -> ImportResult:
        """Return the body of the response."""
        reader = written(self.request, draft)
        reader.tag(whole_tag(draft.content_sha256, draft.base_version))
        home = reader.urls.pinned
        links = {
            "draft": home,
            "document": f"{home}/document",
            "findings": f"{home}/findings",
            "diff": f"{home.partition('@')[0]}/diff?to=draft",
        }
        content = content_sha256(canonical(plan.imported.ladder))
        values = {
            "dry_run": dry_run,
            "content_sha256": content,
            **result_values(plan.before, plan.imported),
        }
        return reader.body(ImportResult, values, links)
