"""`vocolab presets`: chains by name, and each step of one explained."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from vocolab.cli.parameters import json_option
from vocolab.cli.session import Session, pass_session, print_json
from vocolab.cli.table import table
from vocolab.errors import PresetError, VocolabError

if TYPE_CHECKING:
    from vocolab.catalog import Catalog
    from vocolab.chain.preset_plan import PresetPlan, Step
    from vocolab.delivery.target import Target


@click.command()
@click.argument("name", required=False)
@json_option
@pass_session
def presets(session: Session, name: str | None, as_json: bool) -> None:
    """List presets; with NAME or a TOML file, explain one step by step."""
    if name:
        _detail(session.catalog, name, as_json)
    else:
        rows = [_row(session.catalog, known) for known in session.catalog.presets.names()]
        if as_json:
            print_json([dict(zip(("name", "dist", "summary"), row, strict=True)) for row in rows])
        else:
            click.echo(table(rows))
    session.warn_of_broken_plugins()


def _row(catalog: Catalog, name: str) -> tuple[str, str, str]:
    """Name, package and summary; of a preset that can't be used, what is wrong."""
    from vocolab.chain.presets import check_preset

    dist = catalog.presets.get(name).dist
    try:
        return name, dist, check_preset(name, catalog).summary
    except PresetError as error:
        return name, dist, f"can't be used ({len(error.problems)} problems); see 'vocolab check {name}'"
    except VocolabError as error:
        return name, dist, f"can't be used: {error}"


def _detail(catalog: Catalog, name: str, as_json: bool) -> None:
    from vocolab.chain.presets import build, check_preset

    plan = check_preset(name, catalog)
    target = build(plan, catalog).target  # what the effects are set to counts as well
    if as_json:
        print_json(_facts(plan, target))
        return
    click.echo(f"{plan.name}: {plan.summary}")
    for line in (_output_text(plan), _target_text(target)):
        if line:
            click.echo(line)
    if not plan.steps:
        click.echo("no effects")
    for number, step in enumerate(plan.steps, 1):
        click.echo(_step_text(number, step))


def _step_text(number: int, step: Step) -> str:
    """One effect: what it does, and its options with what they mean; `mix` and `enabled` only where they differ."""
    fields = type(step.options).model_fields
    rows = [
        (f"     {name} = {_plain(value)}", " ".join((fields[name].description or "").split()))
        for name, value in step.options
        if name not in ("mix", "enabled") or value != fields[name].default
    ]
    return "\n".join(filter(None, (f"  {number}. {step.effect}: {step.summary}", table(rows))))


def _facts(plan: PresetPlan, target: Target) -> dict[str, Any]:
    return {
        "name": plan.name,
        "summary": plan.summary,
        "file": plan.source,
        "output": plan.output.stated(),
        "target": asdict(target),
        "vocoder": plan.vocoder or None,
        "effects": [{"use": step.effect, "dist": step.entry.dist, **step.options.model_dump()} for step in plan.steps],
    }


def _plain(value: Any) -> Any:
    """A value without the names of classes."""
    if hasattr(value, "model_dump"):
        return value.model_dump()
    return [_plain(inner) for inner in value] if isinstance(value, list | tuple) else value


def _output_text(plan: PresetPlan) -> str:
    parts = []
    if plan.output.sample_rate_hz:
        parts.append(f"{plan.output.sample_rate_hz} Hz")
    if plan.output.bit_depth:
        parts.append("32-bit float" if plan.output.bit_depth == 32 else f"{plan.output.bit_depth} bit")
    if plan.output.channels:
        parts.append("mono" if plan.output.channels == 1 else "stereo")
    if plan.output.format:
        parts.append(plan.output.format)
    if plan.output.bitrate_kbps:
        parts.append(f"{plan.output.bitrate_kbps} kbps")
    if plan.output.dither:
        parts.append(f"{plan.output.dither} dither")
    return f"writes {', '.join(parts)}" if parts else ""


def _target_text(target: Target) -> str:
    from vocolab.delivery.target import check
    from vocolab.delivery.wording import TITLES, wanted_text
    from vocolab.loudness import Loudness

    parts = []
    for demand in check(target, Loudness(None, None, None)):
        if demand.requirement == "integrated_lufs":
            other = target.mono_integrated_lufs not in (None, target.integrated_lufs)
            mono = f" ({target.mono_integrated_lufs:g} for mono)" if other else ""
            parts.append(f"{target.integrated_lufs:g} LUFS ±{target.tolerance_lu:g}{mono}")
        else:
            parts.append(f"{TITLES[demand.requirement]} {wanted_text(demand, target)}")
    return f"promises {', '.join(parts)}" if parts else ""
