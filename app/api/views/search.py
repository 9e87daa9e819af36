"""Search in one release, and in all releases in force.

A search reads the database, or the value of a draft. Its response is cached, but not forever: a later version of the
software may find more.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Annotated, Any, Final

from fastapi import Query, Request
from pydantic import BaseModel

from app.api.protocol.problems import COMMON, IN_RELEASE, documented
from app.api.protocol.routing import resource_router
from app.api.reading.bodies import construct, linked, of_fields
from app.api.reading.paging import page_links
from app.api.reading.queries import wrong_value
from app.api.reading.reader import Reader, ReleaseDep, ServingDep
from app.api.reading.sparse_fields import requested_fields, select_fields
from app.api.reading.urls import Urls, with_query
from app.api.views.search_bodies import (
    HitLinks,
    SearchItem,
    SearchList,
    SearchQuery,
    SearchSegment,
    WideSearchItem,
    WideSearchList,
    WideSearchQuery,
    place_after,
    rank_at,
    search_identity,
)
from app.rubric.releases import Release
from app.rubric.searching import (
    Filters,
    Question,
    Segment,
    Showing,
    documents_of,
    entry_of,
    ranked,
    read_question,
    respelled,
)
from app.rubric.suggest import did_you_mean
from app.serving.answers.answer import answer_of
from app.serving.releases.catalog import Catalog
from app.serving.serving import Serving
from app.store.search.searching import Hit, Rank, find_hits

router = resource_router("search")

_MOST_LANGUAGES: Final = 8
NOTHING_FOUND: Final = "No results. Use fewer words, or end a word with *, such as scal*."

_MOST_TITLES: Final = 100
"""Most titles that are searched for similar words."""

Find = Callable[[Question, Filters, int, Rank | None], Sequence[Hit]]
"""Finds at most this many hits, those after a rank."""


@router.get("/ladders/{ladder}/search", responses=documented(IN_RELEASE))
def search_ladder(release: ReleaseDep, query: Annotated[SearchQuery, Query()]) -> SearchList:
    """Search a ladder.

    Finds words, phrases and beginnings of words. Matches in names come before matches in texts.
    """
    release.answer.lasting = False
    filters = Filters(
        query.kind,
        release.slug("level", "level", query.level),
        release.slug("competency", "competency", query.competency),
    )
    language, slug = release.loaded.ladder.language, release.loaded.slug
    question = read_question(query.q, [language])
    identity = search_identity(f"{release.version}/search", query)
    after = rank_at(query.cursor, identity, [slug])
    find = _finder(release)
    found = find(question, filters, query.limit + 1, after)
    asked = query.model_dump(exclude_unset=True)
    links = release.links(asked)
    if len(found) > query.limit:
        following = place_after(identity, found[query.limit - 1].rank, slug)
        links["next"] = with_query(release.urls.pinned + release.below, {**asked, "cursor": following})
        release.answer.links.append(("next", links["next"]))
    fields = requested_fields(SearchItem, query.fields)
    show = partial(_item, SearchItem, Showing(question), fields)
    items = tuple([show(release.urls, hit, language) for hit in found[: query.limit]])
    notes = _search_notes(question, found, partial(_suggestion, question, find, filters, [language]))
    return release.body(SearchList, {"items": items, **notes}, links)


@router.get("/search", responses=documented(COMMON))
def search_ladders(
    request: Request, serving: ServingDep, query: Annotated[WideSearchQuery, Query()]
) -> WideSearchList:
    """Search all ladders.

    Finds words, phrases and beginnings of words in the releases in force. Matches in names come before matches in
    texts.
    """
    answer = answer_of(request.scope)
    answer.across = True
    releases = _in_force(answer.catalog, query.ladder)
    slugs, by_id = [one.ladder for one in releases], {one.id: one for one in releases}
    languages = _languages(answer.catalog, releases, query.ladder)
    question = read_question(query.q, languages)
    identity = search_identity("search", query)
    find = _in_database(serving, list(by_id), answer.catalog)
    filters = Filters(query.kind, query.level, query.competency)
    found = find(question, filters, query.limit + 1, rank_at(query.cursor, identity, slugs))
    last = found[query.limit - 1] if len(found) > query.limit else None
    following = None if last is None else place_after(identity, last.rank, by_id[last.release_id].ladder)
    root = serving.settings.root_path
    links = page_links(answer, f"{root}/v1/search", query.model_dump(exclude_unset=True), following)
    fields = requested_fields(WideSearchItem, query.fields)
    show = partial(_item, WideSearchItem, Showing(question), fields)
    items = tuple([_wide_item(show, root, by_id[hit.release_id], hit) for hit in found[: query.limit]])
    notes = _search_notes(question, found, partial(_suggestion, question, find, filters, languages))
    return construct(WideSearchList, {"items": items, **notes, "links": linked(WideSearchList, links)})


def _in_force(catalog: Catalog, slug: str | None) -> tuple[Release, ...]:
    """Return the releases in force that the caller may see. Raises InvalidParameter for an unknown ladder."""
    if slug is None:
        return tuple(catalog.in_force.values())
    if slug not in catalog.releases:
        raise wrong_value("ladder", f"There is no ladder {slug!r}.{did_you_mean(slug, catalog.releases)}")
    release = catalog.in_force.get(slug)
    return () if release is None else (release,)


def _languages(catalog: Catalog, releases: Sequence[Release], ladder: str | None) -> Sequence[str]:
    """Return the language of one ladder, or the most frequent languages of all ladders."""
    return catalog.languages[:_MOST_LANGUAGES] if ladder is None else [one.language for one in releases]


def _finder(release: Reader) -> Find:
    """Return a search in the database, or for a draft, which is not in the database, in its value."""
    resolved = [known.release.id for _, known in release.answer.reads]
    return (
        _in_memory(release)
        if release.answer.draft
        else _in_database(release.serving, resolved[-1:], release.answer.catalog)
    )


def _in_database(serving: Serving, releases: Sequence[int], catalog: Catalog) -> Find:
    def find(question: Question, filters: Filters, limit: int, after: Rank | None) -> Sequence[Hit]:
        asked = partial(
            find_hits, question=question, releases=releases, filters=filters, limit=limit, after=after
        )
        return serving.database.ask(asked, catalog) if question.terms and releases else ()

    return find


def _in_memory(release: Reader) -> Find:
    def find(question: Question, filters: Filters, limit: int, after: Rank | None) -> Sequence[Hit]:
        language = release.loaded.ladder.language
        looked = ((one, entry_of(one, language)) for one in documents_of(release.index))
        hits = [
            Hit.of(Rank(points, 0, place), one, entry)
            for points, place, one, entry in ranked(looked, question, filters)
        ]
        start = (
            0
            if after is None
            else next((n for n, hit in enumerate(hits) if hit.rank.follows(after)), len(hits))
        )
        return hits[start : start + limit]

    return find


def _search_notes(
    question: Question, found: Sequence[Hit], suggest: Callable[[], str | None]
) -> dict[str, Any]:
    """Return the fields beside the results."""
    hint = question.hint or (None if found else NOTHING_FOUND)
    terms = tuple(term.shown for term in question.terms)
    return {"terms": terms, "hint": hint, "did_you_mean": None if found or not terms else suggest()}


def _suggestion(question: Question, find: Find, filters: Filters, languages: Sequence[str]) -> str | None:
    """Return a corrected search text, if it has results."""

    def titles(alike: Question) -> list[str]:
        return [hit.title for hit in find(alike, filters, _MOST_TITLES, None)]

    text = respelled(question, titles)
    return text if text is not None and find(read_question(text, languages), filters, 1, None) else None


def _wide_item(show: Callable[..., BaseModel], root: str, release: Release, hit: Hit) -> BaseModel:
    number = str(release.version)
    urls = Urls(root, release.ladder, number)
    return show(urls, hit, release.language, ladder=release.ladder, release=number)


def _item(
    model: type[BaseModel],
    showing: Showing,
    fields: Sequence[str],
    urls: Urls,
    hit: Hit,
    language: str,
    **whose: str,
) -> BaseModel:
    shown = showing.show(hit.title, hit.parts, hit.ends, hit.words, language)
    place = urls.at(hit.kind, hit.address)
    at = None if shown.at is None else f"{place}#{shown.at}"
    values: dict[str, Any] = {
        **whose,
        "kind": hit.kind,
        "address": hit.address,
        "title": hit.title,
        "level": hit.relation.level,
        "competency": hit.relation.competency,
        "facet": hit.relation.facet,
        "title_segments": _segments(shown.title),
        "snippet": _segments(shown.snippet),
        "matched": shown.matched,
        "links": of_fields(HitLinks, {"self_": place, "place": at}),
    }
    return construct(model, select_fields(model, values, fields))


def _segments(segments: Sequence[Segment]) -> tuple[SearchSegment, ...]:
    return tuple([of_fields(SearchSegment, {"text": text, "highlight": match}) for text, match in segments])
