"""A FastAPI route that gives back one response made beforehand: the least that a route of the framework costs."""

from fastapi import FastAPI, Response

from bench.contestants.replay import Replay, fetch


def create_app() -> FastAPI:
    """Take one answer over, and serve it by a route."""
    replay = Replay.of_environment()
    ((path, answer),) = fetch(replay).items()
    response = Response(answer.body, answer.status)
    response.raw_headers = list(answer.headers)
    api = FastAPI()

    @api.get(path)
    async def read() -> Response:
        return response

    return api
