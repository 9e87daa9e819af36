"""The redirect from a ladder's former slugs to its present one, before anything else of a request is looked at."""

from fastapi import Request

from app.api.reading.reader import serving_of
from app.errors import Renamed
from app.serving.answers.answer import answer_of
from app.serving.releases.catalog import Reference


async def follow_renaming(request: Request) -> None:
    """Redirect a path whose ladder has another slug.

    A path that names a release has the ladder's slug in that release; so has a diff, by its newer side. Every other
    path has the present slug. Raises Renamed with the same URL under the right slug.
    """
    ladder, answer = request.path_params.get("ladder"), answer_of(request.scope)
    if ladder is None or answer.known is None or not answer.known.renamed:
        return
    reference, catalog = Reference.parse(ladder), answer.catalog
    line = catalog.releases.get(reference.slug)
    if line is None:
        return
    number = request.path_params.get("version") or reference.selector or request.query_params.get("to")
    named = next((release for release in line if str(release.version) == number), None)
    slug = catalog.name(reference.slug) if named is None else named.ladder
    if slug == reference.slug:
        return
    answer.resolve(f"{slug}@{number}") if named is not None else answer.line(slug)
    answer.across = named is None
    after = f"{slug}{ladder[len(reference.slug) :]}"
    path = request.scope["path"].replace(f"/ladders/{ladder}", f"/ladders/{after}", 1)
    query = request.scope["query_string"].decode("ascii")
    root = serving_of(request).settings.root_path
    when = "now" if named is None else f"in release {number}"
    raise Renamed(f"The ladder's slug {when} is {slug!r}.", root + path + (f"?{query}" if query else ""))
