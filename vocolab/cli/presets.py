"""`vocolab presets`: chains by name, and each step of one explained."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from vocolab.cli.parameters import json_option
from vocolab.cli.session import Session, pass_session, print_json
from vocolab.cli.short_form import names_of
from vocolab.cli.table import paragraph, table
from vocolab.errors import PresetError, VocolabError
from vocolab.toml_writing import toml_value

if TYPE_CHECKING:
    from vocolab.catalog import Catalog
    from vocolab.chain.preset_plan import PresetPlan, Step
    from vocolab.delivery.target import Target

_WIDEST_VALUE = 44
"""Characters of an option and its value beside which there is room for its meaning."""


@click.command()
@click.argument("name", required=False, shell_complete=names_of("presets"))
@click.option("--toml", "as_toml", is_flag=True, help="Print the file of NAME, to copy it and change it.")
@json_option
@pass_session
def presets(session: Session, name: str | None, as_toml: bool, as_json: bool) -> None:
    """List presets; with NAME or a TOML file, explain one step by step."""
    if as_toml:
        if name is None or as_json:
            raise click.UsageError("--toml prints the file of one preset: name it, and leave out --json.")
        click.echo(_file_text(session.catalog, name), nl=False)
    elif name:
        _detail(session.catalog, name, as_json)
    else:
        rows = [_row(session.catalog, known) for known in session.catalog.presets.names()]
        if as_json:
            print_json([dict(zip(("name", "dist", "summary"), row, strict=True)) for row in rows])
        else:
            click.echo(table(rows))
    session.warn_of_broken_plugins()


def _file_text(catalog: Catalog, name: str) -> str:
    """The file of a preset that can be used, as it stands."""
    from vocolab.chain.presets import check_preset

    check_preset(name, catalog)
    return catalog.presets.get(name).file.read_text(encoding="utf-8")


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
    click.echo(paragraph(f"{plan.name}: {plan.summary}"))
    for line in (_output_text(plan), _target_text(target)):
        if line:
            click.echo(paragraph(line))
    if not plan.steps:
        click.echo("no effects")
    for number, step in enumerate(plan.steps, 1):
        click.echo(_step_text(number, step))


def _step_text(number: int, step: Step) -> str:
    """One effect: what it does, and its options with what they mean; `mix` and `enabled` only where they differ."""
    fields = type(step.options).model_fields
    rows, long = [], []
    for name, value in step.options:
        if name in ("mix", "enabled") and value == fields[name].default:
            continue
        meaning = " ".join((fields[name].description or "").split())
        written = f"     {name} = {toml_value(_plain(value))}" if value is not None else f"     {name} (not set)"
        if len(written) <= _WIDEST_VALUE:
            rows.append((written, meaning))
        else:
            long += [paragraph(f"     {name}: {meaning}", "       "),
                     *(paragraph(f"       {item}", "         ") for item in _items(value))]
    title = paragraph(f"  {number}. {step.effect}: {step.summary}", "     ")
    return "\n".join(filter(None, (title, table(rows), *long)))


def _items(value: Any) -> list[str]:
    """A value that is long: of a list of tables, a line each."""
    plain = _plain(value)
    is_tables = isinstance(plain, list) and all(isinstance(item, dict) for item in plain)
    return [toml_value(item) for item in (plain if is_tables else [plain])]


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
    """A value without the names of classes, and without what its kind has left at its default."""
    if hasattr(value, "model_dump"):
        return value.model_dump(exclude_defaults=True) or value.model_dump()
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
