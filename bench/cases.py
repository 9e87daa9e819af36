"""The cases of hot reads, and how each is run beside the bare application.

To add a case, add a `Case` to `CASES`.
"""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from typing import Final

from bench.contest import Pace, Result, compete, tell
from bench.contestants.replay import Replay, fetch
from bench.figures import Budget, Figure
from bench.load import Target
from bench.machine import Cores
from bench.mixes import with_first_reads, zipf
from bench.servers import Server, ServerError, Starter

PART: Final = "Hot reads, beside bare uvicorn with the same status, headers and body"
LEVEL: Final = "/v1/ladders/netflix-engineering/levels/l5"
PINNED_LEVEL: Final = "/v1/ladders/netflix-engineering@1.0.0/levels/l5"
DOCUMENT: Final = "/v1/ladders/example-engineering/document"
_BROWSER: Final = {
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
    "Accept": "application/json, text/plain, */*",
    "Accept-Language": "en-GB,en;q=0.7,de;q=0.3",
    "Accept-Encoding": "gzip, deflate, br, zstd",
    "Referer": "https://dashboard.example/levels",
    "Origin": "https://dashboard.example",
    "Sec-Fetch-Dest": "empty",
    "Sec-Fetch-Mode": "cors",
    "Sec-Fetch-Site": "cross-site",
    "Connection": "keep-alive",
}
"""The headers that a browser sends with each request."""
_FIELDS: Final = ("code", "rank", "summary", "scope", "attributes", "examples", "sources", "references")
"""Properties of a level that `fields` may name."""


@dataclass(frozen=True, slots=True)
class Case:
    """One kind of read."""

    name: str
    path: str
    budget: float | None = None
    """Least share of the bare application's rate."""
    headers: Mapping[str, str] = field(default_factory=dict)
    revalidates: bool = False
    """Our service gets the entity tag it would send, and answers 304; the bare one answers 200 all the same."""
    script: str | None = None
    paths: tuple[str, ...] = ()
    """Every path that the script asks for; empty where it is one."""


CASES: Final = (
    Case("small resource", LEVEL, 1.8),
    Case("small resource, pinned", PINNED_LEVEL, 1.8),
    Case("small resource, asked for by a browser", LEVEL, 1.8, _BROWSER),
    Case("304 on a matching ETag, beside a 200", LEVEL, 1.8, revalidates=True),
    Case("whole document", DOCUMENT, 1.5),
    Case("whole document, gzip", DOCUMENT, 1.5, {"Accept-Encoding": "gzip"}),
    Case("whole document, br", DOCUMENT, 1.5, {"Accept-Encoding": "br"}),
    Case("whole document, zstd", DOCUMENT, 1.5, {"Accept-Encoding": "zstd"}),
    Case("90 % hits, 10 % first reads", LEVEL, 0.4, script=with_first_reads(LEVEL, _FIELDS, 10)),
)


def keyed_case(key: str) -> Case:
    """Return a read where reading needs a key."""
    return Case("small resource, API key required", LEVEL, 1.8, {"Authorization": f"Bearer {key}"})


def zipf_case(urls: tuple[str, ...]) -> Case:
    """Return the mix over every URL of the seeds."""
    return Case(f"zipf mix over {len(urls)} URLs", urls[0], script=zipf(urls), paths=urls)


def measure_hot(
    starter: Starter, ours: Server, cases: tuple[Case, ...], pace: Pace, cores: Cores
) -> Iterator[Figure]:
    """Yield every case in turn, ours beside a bare application of its own."""
    for case in cases:
        tell(f"  {case.name}")
        with ExitStack() as stack:
            taken = taken_over(case, ours.origin)
            bare = stack.enter_context(starter.bare(taken))
            require_same(taken, bare)
            targets = {"bare": _target(starter, case, bare), "ours": _target(starter, case, ours)}
            if case.revalidates:
                targets["ours"] = _revalidating(targets["ours"], taken)
            result = compete(targets, pace, cores)
        yield figure_of(case, result)


def figure_of(case: Case, result: Result) -> Figure:
    """Return the ratio, and in words the rates behind it."""
    budget = None if case.budget is None else Budget("at least", case.budget)
    rates = " ".join(f"{name} {result.rate(name).middle:,.0f}/s" for name in ("ours", "bare"))
    thrift = result.thrift("ours", "bare")
    by_time = "" if thrift is None else f", {thrift.middle:.2f} x by processor time"
    tails = f"p99 {result.p99('ours'):.1f} and {result.p99('bare'):.1f} ms"
    return Figure(PART, case.name, "x", result.ratio("ours", "bare"), budget, f"{rates}{by_time}, {tails}")


def taken_over(case: Case, origin: str) -> Replay:
    """Return the answers that a contestant copies from our service for a case."""
    return Replay(origin, dict(case.headers), case.paths or (case.path,))


def require_same(taken: Replay, contestant: Server) -> None:
    """Raise ServerError unless the contestant sends what our service sends (the request id is each one's own)."""
    theirs = fetch(Replay(contestant.origin, taken.headers, taken.paths))
    for path, answer in fetch(taken).items():
        ours, other = (
            [pair for pair in one.headers if pair[0] != b"x-request-id"] for one in (answer, theirs[path])
        )
        if (ours, answer.body) != (other, theirs[path].body):
            raise ServerError(
                f"{path}: the contestant answers something else, so a ratio would mean nothing."
            )


def _target(starter: Starter, case: Case, server: Server) -> Target:
    if case.script is None:
        return Target(server.origin + case.path, case.headers, process=server.process)
    file = starter.folder / "mix.lua"
    file.write_text(case.script, "utf-8")
    return Target(server.origin, case.headers, file, server.process)


def _revalidating(target: Target, taken: Replay) -> Target:
    (answer,) = fetch(taken).values()
    tag = dict(answer.headers)[b"etag"].decode("ascii")
    return replace(target, headers={**target.headers, "If-None-Match": tag})
