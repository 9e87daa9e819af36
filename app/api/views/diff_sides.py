"""The two sides of a diff: resolved from path and query, and loaded."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any

from fastapi import Request
from pydantic import BaseModel, ConfigDict, Field

from app.api.ladders.ladder_checks import refuse_unknown
from app.api.reading.patterns import SELECTOR
from app.api.reading.urls import Urls, with_query
from app.errors import NotFound
from app.rubric.diff import Diff
from app.rubric.releases import Version
from app.serving.answers.answer import Answer, answer_of
from app.serving.releases.loaded_releases import DRAFT, Loaded, LoadedDraft
from app.serving.serving import Serving


class SidesQuery(BaseModel):
    """Query parameters that name the two sides."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    from_: Annotated[
        str | None,
        Field(
            alias="from",
            pattern=SELECTOR,
            description="The old side: a release number, `latest` or `draft`. Default: the release before `to`, or "
            "the release that the draft builds on.",
        ),
    ] = None
    to: Annotated[
        str,
        Field(pattern=SELECTOR, description="The new side: a release number, `latest` or `draft`."),
    ] = "latest"


@dataclass(frozen=True)
class Sides:
    """Two releases of one ladder, or a release and the draft, loaded."""

    serving: Serving
    answer: Answer
    ladder: str
    before: Loaded
    after: Loaded

    @cached_property
    def diff(self) -> Diff:
        """The diff of the two."""
        return self.serving.diffs.get(self.before, self.after)

    @property
    def root(self) -> str:
        """The prefix of all URLs."""
        return self.serving.settings.root_path

    @property
    def path(self) -> str:
        """The URL of the diff, without its query."""
        return f"{self.root}/v1/ladders/{self.ladder}/diff"

    @property
    def _lasting_path(self) -> str:
        """The same under the slug that the ladder has in the newer side, which pinned URLs name."""
        return f"{self.root}/v1/ladders/{self.after.slug}/diff"

    @property
    def pinned(self) -> dict[str, str]:
        """The query parameters that pin the two sides. A draft cannot be pinned."""
        return {"from": self.before.label, "to": self.after.label}

    @property
    def identity(self) -> str:
        """The identity of the list, for cursors: these two contents."""
        return f"{self.path}#{self.before.content_sha256}#{self.after.content_sha256}"

    def urls(self, loaded: Loaded) -> Urls:
        """Return the URLs of one side."""
        return Urls(self.root, loaded.slug, loaded.label)

    def links(self, asked: Mapping[str, Any], subjects: Mapping[str, str]) -> dict[str, str]:
        """Return the links of a page of the diff; `subjects` are the filters that Markdown takes too."""
        return {
            "self_": with_query(self.path, asked),
            "pinned": with_query(self._lasting_path, {**asked, **self.pinned}),
            "markdown": with_query(f"{self._lasting_path}.md", {**self.pinned, **subjects}),
        }


def sides_of(request: Request, serving: Serving, ladder: str, query: SidesQuery) -> Sides:
    """Return the two sides of a request, loaded.

    Raises:
        Unauthenticated: One is a draft, and the request has no credentials.
        Forbidden: One is a draft that the caller may not read.
        NotFound: The ladder or a release does not exist, or there is no release before `to`.
        Unavailable: One is not loaded, and the database cannot be reached.
    """
    answer = answer_of(request.scope)
    if DRAFT in {query.from_, query.to}:
        answer.open_draft(ladder.partition("@")[0])
    refuse_unknown(request, ladder)
    after, predecessor = _load(serving, answer, ladder, query.to)
    selector = query.from_ or predecessor
    if selector is None:
        raise NotFound(
            f"There is no release before {ladder}@{after.label}. Set `from` to the release to compare with."
        )
    before, _ = _load(serving, answer, ladder, selector)
    return Sides(serving, answer, ladder, before, after)


def _load(serving: Serving, answer: Answer, ladder: str, selector: str) -> tuple[Loaded, str | None]:
    """Load one side, and return it with the number of the release before it."""
    if selector == DRAFT:
        answer.open_draft(ladder)
        draft: LoadedDraft = serving.drafts.get(answer.catalog, ladder)
        return draft, _number(draft.base.version if draft.base is not None else None)
    resolved = answer.resolve(f"{ladder}@{selector}")
    return serving.loaded.get(resolved.release), _number(resolved.release.base)


def _number(version: Version | None) -> str | None:
    return None if version is None else str(version)


def relate(sides: Sides, asked: Mapping[str, Any], extension: str = "") -> None:
    """Add links to other versions (RFC 5829) if the response is pinned."""
    if not sides.answer.pinned:
        return
    path, absolute = sides.path + extension, sides.serving.settings.absolute
    versions = {name: value for name, value in asked.items() if name not in {"from", "to", "cursor"}}
    sides.answer.links += [
        ("canonical", absolute(with_query(path, {**asked, **sides.pinned}))),
        ("latest-version", with_query(path, versions)),
        ("version-history", f"{sides.path.removesuffix('/diff')}/releases"),
    ]
