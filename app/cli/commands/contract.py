"""The commands that print the contract: `schema` and `openapi`. Neither touches a database."""

import typer

from app.cli.environment import Environment
from app.cli.output import print_json


def schema() -> None:
    """Print the JSON Schema of ladder files.

    Editors complete and check with it while one types.
    """
    from app.formats.bundle.reader import bundle_schema

    print_json(bundle_schema())


def openapi(context: typer.Context) -> None:
    """Print the OpenAPI document of the API."""
    from app.main import create_api

    environment: Environment = context.obj
    print_json(create_api(environment.settings).openapi())
