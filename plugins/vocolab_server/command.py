"""`vocolab serve`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from vocolab.cli.session import Session, pass_session
from vocolab.errors import DependencyMissing


@click.command()
@click.option("--host", metavar="ADDRESS", help="Listen on it. Default: 127.0.0.1, which only this machine reaches.")
@click.option("--port", type=click.IntRange(0, 65535), metavar="N", help="Default: 8880; 0 is any that is free.")
@click.option("--config", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
              help="What the server is told, as TOML.")
@click.option("--workers", type=click.IntRange(1, 256), metavar="N",
              help="Processes that speak. Default: one a core, at most 4.")
@click.option("--voice", metavar="NAME", help="Of requests that name none. Default: the best that is installed.")
@click.option("--vocoder", metavar="NAME", help="Default: the one that the voice was made with.")
@click.option("--device", metavar="DEVICE", help="Where networks run. Default: the CPU.")
@click.option("--allow-anyone", "anyone", is_flag=True, default=None,
              help="Serve an address that others reach though there are no keys.")
@click.option("--new-key", metavar="NAME", help="Print a new API key and its lines for the configuration, and end.")
@pass_session
def serve(session: Session, new_key: str | None, config: Path | None, **options: Any) -> None:
    """Serve speech over HTTP, as OpenAI's clients ask for it.

    POST /v1/audio/speech speaks; the page at / does so for people; /metrics is for Prometheus. SIGTERM and Ctrl-C let
    what is being spoken come to its end.
    """
    if new_key is not None:
        _print_key(new_key)
        return
    try:
        from vocolab_server.running import run
    except ModuleNotFoundError as error:
        raise DependencyMissing(f"serving needs the package {error.name}: pip install 'vocolab[server]'") from error
    from vocolab_server.settings import read_settings

    stated = {name: value for name, value in options.items() if value is not None}
    run(session, read_settings(config, stated))


def _print_key(name: str) -> None:
    from vocolab_server.keys import new_key

    key, digest = new_key()
    click.echo(f"{key}\n\nThis is the only time that it is shown. For the configuration:\n\n"
               f'[[keys]]\nname = "{name}"\nsha256 = "{digest}"')
