"""`vocolab check`: all problems of a preset file at once."""

from __future__ import annotations

import click

from vocolab.cli.session import Session, pass_session


@click.command()
@click.argument("preset")
@pass_session
def check(session: Session, preset: str) -> None:
    """Check PRESET, a name or a TOML file; list all its problems, each with its line, and exit 2 if there are any."""
    from vocolab.chain.presets import check_preset

    plan = check_preset(preset, session.catalog)
    session.warn_of_broken_plugins()
    click.echo(f"{preset}: ok, {len(plan.steps)} effects")
