"""The explorer's pages: server time of the first read, and weight: `python -m bench.pages DATABASE_URL`.

Follows every link between pages from the start, on loaded releases. Prints a JSON object: by URL, milliseconds by the
clock, those of processor time, and the bytes of the page with its styles and script, unpacked and as sent with gzip.
"""

import asyncio
import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from html import unescape
from typing import Final

from app.web.layout.rendering import prepare
from bench.figures import Budget, Figure, Spread, percentile
from bench.inside import answered, run_rounds, started
from bench.servers import Starter

PART = "Pages of the explorer, in process, on loaded releases"
_LINK: Final = re.compile(r'(?:href|action)="(/[^"#]*)')
_ASSET: Final = re.compile(r'(?:href|src)="(/assets/[^"]+\.(?:css|js))"')
_NO_PAGE: Final = re.compile(
    r"/(v1|docs|redoc|openapi|assets|problems|sign-in)|.*/same\?|.*\.(svg|png|csv)(\?|$)"
)

_CODING: Final = "gzip"

Taken = tuple[float, float, int, int]


def measure_pages(starter: Starter, database_url: str, rounds: int) -> Iterator[Figure]:
    """Times and weights of all pages of both seeds, each round in a new process."""
    taken = run_rounds("pages", starter, rounds, database_url)
    yield from figures_of(taken)


def figures_of(rounds: Sequence[Mapping[str, Taken]]) -> Iterator[Figure]:
    """From what each URL took in each round."""
    times = [[clock for clock, *_ in pages.values()] for pages in rounds]
    middle = Spread.of([percentile(one, 50) for one in times])
    yield Figure(PART, "first read of each page, p50", "ms", middle, note=f"{len(times[0])} pages")
    slowest = max(rounds[-1], key=lambda url: rounds[-1][url][0])
    most = Spread.of([max(one) for one in times])
    yield Figure(PART, "the slowest of them", "ms", most, Budget("at most", 50), slowest)
    budget = Budget("at most", 100)
    unpacked, sent = ({url: taken[place] / 1000 for url, taken in rounds[-1].items()} for place in (2, 3))
    page = max((url for url in unpacked if not _is_print(url)), key=unpacked.__getitem__)
    note = f"unpacked; {sent[page]:.1f} kB as sent ({_CODING}): {page}"
    yield Figure(PART, "the heaviest page", "kB", Spread.of([unpacked[page]]), budget, note)
    page = max(filter(_is_print, sent), key=sent.__getitem__)
    note = f"as sent ({_CODING}); {unpacked[page]:.1f} kB unpacked: {page}"
    yield Figure(PART, "a whole ladder, to print", "kB", Spread.of([sent[page]]), budget, note)


def _is_print(url: str) -> bool:
    """Return whether a page shows a whole ladder, whose text may be longer than any other page."""
    return url.endswith("/print")


async def _pages(database_url: str) -> dict[str, Taken]:
    prepare()  # as a server does behind its start
    found: dict[str, Taken] = {}
    async with started(database_url) as application:
        for release in sum(application.serving.freshness.catalog.releases.values(), ()):
            application.serving.loaded.get(release)
        for path in ("/v1", "/problems"):  # what any first request builds is not the page's own cost
            await answered(application, path)
        waiting, known = ["/"], {"/"}
        while waiting:
            path = waiting.pop()
            lap, body = await answered(application, path)
            text = body.decode("utf-8")
            loaded = {path, *_ASSET.findall(text)}
            unpacked, sent = [
                sum([len((await answered(application, one, coding))[1]) for one in loaded])
                for coding in ("", _CODING)
            ]
            found[path] = (1000 * lap.clock, 1000 * lap.busy, unpacked, sent)
            fresh = {url for link in _LINK.findall(text) if not _NO_PAGE.match(url := unescape(link))} - known
            known |= fresh
            waiting += sorted(fresh)
    return found


if __name__ == "__main__":
    json.dump(asyncio.run(_pages(sys.argv[1])), sys.stdout)
