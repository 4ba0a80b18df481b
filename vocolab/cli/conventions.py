"""`vocolab conventions`: the mel conventions that are known by name, and one of them field by field."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from vocolab.cli.parameters import PATH, json_option
from vocolab.cli.session import Session, pass_session, print_json
from vocolab.cli.table import table
from vocolab.errors import CallError, VocolabError

if TYPE_CHECKING:
    from vocolab.mels.convention_files import Convention
    from vocolab.mels.spec import MelSpec

_HEADER = ("convention", "family", "rate", "bands", "hop", "")


@click.command(epilog="'vocolab conventions NAME --toml > mine.toml' copies one; --mel-spec takes mine.toml as a name.")
@click.argument("name", metavar="[NAME|FILE.toml]", required=False)
@click.option("--statistics", type=PATH, metavar="FILE",
              help="Normalise NAME by the mean and scale of a corpus: .npz or .npy, as ESPnet, ParallelWaveGAN and "
                   "Kaldi keep them.")
@click.option("--toml", "as_toml", is_flag=True, help="Print NAME as the TOML file that --mel-spec takes.")
@json_option
@pass_session
def conventions(session: Session, name: str | None, statistics: Path | None, as_toml: bool, as_json: bool) -> None:
    """List mel conventions; with NAME or a TOML file, describe one: every field and what it means."""
    if name is None:
        if as_toml or statistics is not None:
            raise CallError("--toml and --statistics are for one convention: name it")
        _list(session, as_json)
    else:
        known, spec, given = _chosen(session, name, statistics)
        if as_toml:
            _print_toml(known, spec, given)
        elif as_json:
            print_json(_facts(known, spec, given))
        else:
            _describe(known, spec, given)
    session.warn_of_broken_plugins()


def _chosen(session: Session, name: str, statistics: Path | None) -> tuple[Convention, MelSpec, bool]:
    """A convention, its fields, and whether statistics of a corpus are among them or not needed."""
    known = session.named_convention(name)
    if statistics is None:
        return known, known.spec, not known.needs_statistics
    from vocolab.mels.statistics import read_statistics

    return known, known.spec.with_statistics(*read_statistics(statistics, known.spec.n_mels)), True


def _list(session: Session, as_json: bool) -> None:
    registry = session.catalog.mel_conventions
    known: list[dict[str, Any]] = []
    for name in registry.names():
        entry = registry.get(name)
        about = {"name": name, "dist": entry.dist, "version": entry.version}
        try:
            convention = registry.read(name)
        except VocolabError as error:
            known.append({**about, "error": " ".join(str(error).split())})
        else:
            known.append({**about, **_facts(convention, convention.spec, not convention.needs_statistics)})
    known.sort(key=lambda one: -one.get("rank", 0))
    if as_json:
        print_json(known)
    else:
        click.echo(table([_row(one) for one in known], _HEADER) if known else "no mel conventions are installed")


def _row(facts: dict[str, Any]) -> tuple[str, ...]:
    if "error" in facts:
        return facts["name"], "", "", "", "", f"can't be used: {facts['error']}"
    spec = facts["mel_spec"]
    return (facts["name"], facts["family"], f"{spec['sample_rate']} Hz", str(spec["n_mels"]),
            str(spec["hop_samples"]), facts["summary"])


def _facts(known: Convention, spec: MelSpec, complete: bool) -> dict[str, Any]:
    return {
        "name": known.name, "family": known.family, "summary": known.summary, "rank": known.rank,
        "same_as": known.same_as or None, "complete": complete, "mel_spec": spec.to_dict(),
    }


def _print_toml(known: Convention, spec: MelSpec, complete: bool) -> None:
    from vocolab.mels.convention_files import to_toml

    if not complete:
        raise CallError(f"{known.name} is normalised by the statistics of its corpus: give them with --statistics")
    click.echo(to_toml(spec, family=known.family, summary=known.summary), nl=False)


def _describe(known: Convention, spec: MelSpec, complete: bool) -> None:
    click.echo(f"{known.name}: {known.summary}" if known.summary else known.name)
    rows = [*_about(known), *_rows(spec), *_statistics(spec, complete)]
    click.echo(table(rows))


def _about(known: Convention) -> list[tuple[str, str]]:
    rows = [("family", known.family)] if known.family else []
    return [*rows, ("same as", known.same_as)] if known.same_as else rows


def _rows(spec: MelSpec) -> list[tuple[str, str]]:
    """What each field means for the numbers."""
    padding = {
        "hifigan": "frame i is centred on sample i * hop + hop / 2; N samples give N // hop frames",
        "center": "frame i is centred on sample i * hop; N samples give N // hop + 1 frames",
        "center-trimmed": "frame i is centred on sample i * hop; N samples give N // hop frames",
    }[spec.padding]
    norm = {"slaney": "each filter has the same area", "none": "each filter peaks at 1"}[spec.filter_norm]
    scale = ", divided by the root of the window's energy" if spec.spectrum_scale == "window" else ""
    eps = f", {spec.magnitude_eps:g} added under the root" if spec.magnitude_eps else ""
    return [
        ("sample rate", f"{spec.sample_rate} Hz"),
        ("frames", f"n_fft {spec.n_fft}, window {spec.win_samples} ({spec.window}), hop {spec.hop_samples}: "
                   f"{spec.frame_rate_hz:g} a second"),
        ("padding", f"{spec.padding}: {padding}"),
        ("bands", f"{spec.n_mels} of {spec.fmin_hz:g} to {spec.fmax_hz:g} Hz, {spec.mel_scale} scale, "
                  f"filter norm {spec.filter_norm}: {norm}"),
        ("spectrum", f"magnitude to the power of {spec.power:g}{scale}{eps}"),
        ("values", _values_text(spec)),
        ("silence", f"{spec.silence:.5g}"),
    ]


def _values_text(spec: MelSpec) -> str:
    clamped = f"max(x, {spec.clamp:g})" if spec.clamp else "x"
    value = {"e": f"ln({clamped})", "10": f"log10({clamped})", "none": clamped}[spec.log_base]
    gain = "" if spec.log_gain == 1.0 else f"{spec.log_gain:g} * "
    offset = "" if spec.log_offset == 0.0 else f" {'+' if spec.log_offset > 0 else '-'} {abs(spec.log_offset):g}"
    text = f"{gain}{value}{offset}"
    if spec.dynamic_range_db is not None:
        text += f"; raised to {spec.dynamic_range_db:g} dB under the loudest of the whole utterance"
    if spec.clip:
        text += f"; limited to {spec.clip[0]:g} ... {spec.clip[1]:g}"
    return text


def _statistics(spec: MelSpec, complete: bool) -> list[tuple[str, str]]:
    if not complete:
        return [("statistics", "(value - mean) / scale in every band, by those of its corpus: --statistics FILE")]
    return [
        (name, f"{min(values):.5g}" if len(set(values)) == 1 else
         f"of each band, {min(values):.4g} to {max(values):.4g}")
        for name, values in (("mean", spec.mean), ("scale", spec.scale)) if values is not None
    ]
