"""`vocolab serve` as an application of Ray Serve. Extra `ray`.

    serve run vocolab_server.ray_app:app
    serve run vocolab_server.ray_app:build replicas=4 config=/etc/vocolab/server.toml

Each replica is a whole server: it schedules its own requests fairly over processes of its own, and Ray shares requests
among replicas and starts those again that die. Limits and rate limits are those of one replica.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import Field

from vocolab.errors import DependencyMissing
from vocolab.options import Options, make_options

try:
    from ray import serve
except ModuleNotFoundError as error:
    raise DependencyMissing("Ray Serve needs its package: pip install 'vocolab[ray]'") from error

if TYPE_CHECKING:
    from starlette.types import ASGIApp


class RayOptions(Options):
    """What `serve run` and a Serve config can state."""

    replicas: int = Field(2, ge=1, description="How many servers there are.")
    config: str = Field("", description="A server.toml that every replica can read.")
    workers: int = Field(1, ge=1, description="Processes that speak, of each replica.")
    num_cpus: float = Field(1.0, gt=0, description="That Ray sets aside for a replica.")
    ongoing: int = Field(256, ge=1, description="Requests that Ray gives a replica at a time.")


def build(args: dict[str, Any]) -> serve.Application:
    """The application, by the fields of `RayOptions`.

    Raises:
        OptionError: if one is unknown or out of its range.
    """
    values = {name: _number(value) for name, value in args.items()}
    options = make_options(RayOptions, values, "ray_app")

    def whole() -> ASGIApp:  # built in each replica: what it holds can't travel
        return _application(options.config, options.workers)

    ingress = serve.ingress(whole)
    deployment = serve.deployment(
        name="speech", num_replicas=options.replicas, max_ongoing_requests=options.ongoing,
        ray_actor_options={"num_cpus": options.num_cpus}, health_check_period_s=5, health_check_timeout_s=30,
    )
    return deployment(ingress(_Speech)).bind()


class _Speech:
    """A replica; all that it does its application does."""


def _application(config: str, workers: int) -> ASGIApp:
    """The application of one replica, built where it runs."""
    from vocolab_server.app import application
    from vocolab_server.service import Service
    from vocolab_server.settings import read_settings

    settings = read_settings(Path(config) if config else None, {"workers": workers})
    return application(Service(settings))


def _number(value: Any) -> Any:
    """What the command line gives as text, as a number where it is one."""
    if not isinstance(value, str):
        return value
    for kind in (int, float):
        try:
            return kind(value)
        except ValueError:
            continue
    return value


app = build({})
