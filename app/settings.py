"""Every setting, read once from the environment (prefix `LADDER_`) and checked at start."""

from typing import Annotated, Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """The settings of one process; frozen, so that what was checked at start holds until the end."""

    model_config = SettingsConfigDict(
        env_prefix="LADDER_", env_file=".env", extra="ignore", frozen=True, use_attribute_docstrings=True
    )

    database_url: str = "sqlite:///var/ladder.db"
    """Where the ladders are: a SQLAlchemy URL for SQLite or PostgreSQL. May hold a password: never logged."""
    host: str = "127.0.0.1"
    """Address that `ladder serve` listens on."""
    port: Annotated[int, Field(ge=0, le=65535, validation_alias="PORT")] = 8000
    """Port that `ladder serve` listens on."""
    root_path: Annotated[str, Field(pattern=r"^(/[^/?#]+)*$")] = ""
    """Path prefix under which a proxy serves the API, such as `/career`; links carry it."""
    seed: bool = True
    """Whether `ladder serve` puts the bundled ladders into a SQLite database that has none."""
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    """Least severe log entries to write."""
    access_log: Literal["misses", "all"] = "misses"
    """Which requests the access log names: all, or those not answered from memory and every error."""
    workers: Annotated[int, Field(ge=1, le=64)] = 1
    """Processes in which `ladder serve` answers."""
    metrics: Annotated[str, Field(pattern=r"^(off|.+:\d{1,5})$")] = "127.0.0.1:9464"
    """Address (`host:port`) at which `ladder serve` answers scrapes by Prometheus; `off` for none."""
    revision_interval: Annotated[float, Field(gt=0, le=60)] = 0.5
    """Seconds between two looks at whether anything was published."""
    cache_bytes: Annotated[int, Field(ge=1_000_000)] = 128 * 1024 * 1024
    """Bytes of finished answers to keep in memory, per process."""
    release_bytes: Annotated[int, Field(ge=1_000_000)] = 128 * 1024 * 1024
    """Bytes of loaded releases to keep in memory, per process (estimated)."""
