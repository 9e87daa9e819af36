"""The pages that explain errors: what each means, and how to fix it."""

from starlette.responses import HTMLResponse

from app.api.protocol.routing import declare
from app.api.reading.reader import ServingDep
from app.errors import LadderError, NotFound
from app.rubric.suggest import did_you_mean
from app.serving.route_table import RouteFacts
from app.web.layout.frame import Frame
from app.web.layout.rendering import show
from app.web.navigation.page_router import plain_router

router = plain_router()


@router.get("/problems")
@declare(RouteFacts(fixed=True))
def show_problems(serving: ServingDep) -> HTMLResponse:
    """List all error codes."""
    frame = Frame(serving.settings.root_path, "Problems · Career Ladder API")
    return show("problems.html", frame=frame, types=sorted(problem_types().items()))


@router.get("/problems/{code}")
@declare(RouteFacts(fixed=True))
def show_problem(serving: ServingDep, code: str) -> HTMLResponse:
    """Explain one error: what it means, and how to fix it."""
    types = problem_types()
    error = types.get(code)
    if error is None:
        raise NotFound(f"There is no error code {code[:80]!r}.{did_you_mean(code, types)}")
    frame = Frame(serving.settings.root_path, f"{error.title} · Career Ladder API")
    return show("problem.html", frame=frame, error=error, meaning=(error.__doc__ or "").strip())


def problem_types() -> dict[str, type[LadderError]]:
    """Return every class of the error tree that can reach a client, by its code."""
    found: dict[str, type[LadderError]] = {}
    waiting = LadderError.__subclasses__()
    while waiting:
        error = waiting.pop()
        found[error.code] = error
        waiting += error.__subclasses__()
    return found
