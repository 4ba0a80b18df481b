"""`vocolab config`: what is in force of the user's configuration, and from where."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import click

from vocolab.cli.parameters import json_option
from vocolab.cli.session import Session, pass_session, print_json
from vocolab.cli.table import table

if TYPE_CHECKING:
    from vocolab.configuration import Configuration

_BUILT_IN = {"defaults.voice": "that of the highest rank", "defaults.preset": "none", "defaults.device": "cpu",
             "defaults.engine": "auto"}


@click.command(epilog="docs/configuration.md says what can be configured.")
@click.option("--path", "only_path", is_flag=True, help="Print where the file is looked for, and nothing else.")
@json_option
@pass_session
def config(session: Session, only_path: bool, as_json: bool) -> None:
    """Show the configuration that is in force: each setting, its value, and where that is said.

    A file that can't be used is told with all its problems, and the exit code is 2.
    """
    from vocolab.configuration import config as in_force
    from vocolab.configuration import configuration_file

    if only_path:
        click.echo(configuration_file())
        return
    known = in_force()
    rows = [*_settings(known), *_folders()]
    if as_json:
        print_json({"file": str(known.file), "exists": known.exists, "settings": rows})
        return
    click.echo(f"{known.file}{'' if known.exists else ': there is no such file, and none is needed'}")
    click.echo(table([(row["key"], _text(row["value"]), row["from"]) for row in rows], ("setting", "value", "from")))
    for line in _notes(session, known):
        session.say(line)


def _settings(known: Configuration) -> list[dict[str, Any]]:
    values = {
        "defaults.voice": known.voice, "defaults.preset": known.preset, "defaults.device": known.device,
        "defaults.engine": known.engine,
        "plugins.off": sorted(known.plugins_off), "paths.vst3": [str(folder) for folder in known.vst3_folders],
        "paths.references": [str(folder) for folder in known.reference_folders],
    }
    return [
        {"key": key, "value": _BUILT_IN.get(key) if value is None else value, "from": known.origin(key)}
        for key, value in values.items()
    ]


def _folders() -> list[dict[str, Any]]:
    """Folders and what environment variables say; those that are not set are left out where nothing stands for them."""
    from vocolab.catalog.presets import user_folder
    from vocolab.configuration import cache_folder

    rows = [
        {"key": "presets", "value": str(user_folder()), "from": _variable("VOCOLAB_PRESETS", "XDG_CONFIG_HOME")},
        {"key": "cache", "value": str(cache_folder()), "from": _variable("VOCOLAB_CACHE", "XDG_CACHE_HOME")},
    ]
    allowed = os.environ.get("VOCOLAB_PLUGINS")
    if allowed is not None:
        value = allowed or "none but vocolab's"
        rows.append({"key": "plugins that may load", "value": value, "from": "VOCOLAB_PLUGINS"})
    return rows


def _variable(*names: str) -> str:
    return next((name for name in names if os.environ.get(name)), "built in")


def _notes(session: Session, known: Configuration) -> list[str]:
    """What is configured and has no effect."""
    records = session.catalog.host.records
    there = {name for record in records for name in (record.name, record.dist, record.key)}
    absent = [f"note: plugins.off names {name}, and no such plugin is installed"
              for name in sorted(known.plugins_off - there)]
    missing = [f"note: paths.{key} names {folder}, and there is no such folder"
               for key, folders in (("vst3", known.vst3_folders), ("references", known.reference_folders))
               for folder in folders if not folder.is_dir()]
    return absent + missing


def _text(value: Any) -> str:
    return (", ".join(value) or "none") if isinstance(value, list) else str(value)
