"""The pages that explain errors: what each means, and how to fix it."""

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse

from app.api.reading.reader import ServingDep
from app.errors import LadderError, NotFound
from app.serving.answers.answer import answer_of
from app.serving.releases.catalog import did_you_mean
from app.web.layout.frame import Frame
from app.web.layout.rendering import show

router = APIRouter(include_in_schema=False)


@router.get("/problems")
def show_problems(request: Request, serving: ServingDep) -> HTMLResponse:
    """List all error codes."""
    answer_of(request.scope).fixed = True
    frame = Frame(serving.settings.root_path, "Problems · Career Ladder API")
    return show("problems.html", frame=frame, types=sorted(problem_types().items()))


@router.get("/problems/{code}")
def show_problem(request: Request, serving: ServingDep, code: str) -> HTMLResponse:
    """Explain one error: what it means, and how to fix it."""
    answer_of(request.scope).fixed = True
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
