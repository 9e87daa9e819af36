"""The commands that print the contract: `schema` and `openapi`. Neither uses a database."""

from typing import Annotated

import typer

from app.cli.environment import Environment
from app.cli.output import print_json


def schema() -> None:
    """Print the JSON Schema of ladder files.

    Editors use it to complete and check files while you type.
    """
    from app.formats.bundle.reader import bundle_schema

    print_json(bundle_schema())


def openapi(
    context: typer.Context,
    *,
    without_examples: Annotated[
        bool, typer.Option("--without-examples", help="Leave the examples out.")
    ] = False,
) -> None:
    """Print the OpenAPI document of the API."""
    from app.api.openapi.document import contract
    from app.main import create_api

    environment: Environment = context.obj
    api = create_api(environment.settings)
    print_json(contract(api, environment.settings.base_url) if without_examples else api.openapi())
