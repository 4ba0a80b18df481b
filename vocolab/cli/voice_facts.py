"""What a voice file says of itself, for `inspect` and `voices NAME`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from vocolab.cli.provenance_text import flat, provenance_rows

if TYPE_CHECKING:
    from vocolab.mels.spec import MelSpec


def voice_facts(path: Path) -> dict[str, Any]:
    """The voice in `path`, read whole: its checksum has been verified when this returns.

    Raises:
        CheckpointError: if the file is missing, damaged, or no voice.
    """
    from vocolab.mels.conventions import convention_name
    from vocolab.voice import Voice

    voice = Voice.load(path)
    spec = voice.mel_spec
    return {
        "kind": "voice",
        "file": str(path),
        "model": voice.model,
        "model_kind": voice.kind,
        "parameters": voice.parameters,
        "bytes": path.stat().st_size,
        "stored_as": sorted({str(tensor.dtype) for tensor in voice.tensors.values()}),
        "convention": None if spec is None else convention_name(spec),
        "mel_spec": None if spec is None else spec.to_dict(),
        "config": voice.config,
        "provenance": voice.provenance,
        "recommended": voice.recommended,
        "checksum": "verified",
    }


def voice_text(facts: dict[str, Any]) -> str:
    """The same for people."""
    from vocolab.cli.table import table

    rows = [
        (str(facts["model_kind"]), str(facts["model"])),
        ("parameters", f"{facts['parameters']:,} ({', '.join(facts['stored_as'])}, {facts['bytes'] / 1e6:.2f} MB)"),
        *_mel_rows(facts),
        *provenance_rows(facts["provenance"]),
        *([("recommended", flat(facts["recommended"]))] if facts["recommended"] else []),
        ("checksum", facts["checksum"]),
    ]
    return table(rows)


def _mel_rows(facts: dict[str, Any]) -> list[tuple[str, str]]:
    from vocolab.mels.spec import MelSpec

    if facts["mel_spec"] is None:
        return []
    return [("mels", convention_text(facts["convention"], MelSpec.from_dict(facts["mel_spec"])))]


def convention_text(name: str | None, spec: MelSpec) -> str:
    """A convention in one line: its name, or the nearest one and what differs, and what one hears of it."""
    return (
        f"{name or _described(spec)} ({spec.sample_rate} Hz, {spec.n_mels} bands "
        f"{spec.fmin_hz:g} to {spec.fmax_hz:g} Hz, n_fft {spec.n_fft}, hop {spec.hop_samples})"
    )


def _described(spec: MelSpec) -> str:
    from vocolab.mels.conventions import nearest_convention

    near, differing = nearest_convention(spec)
    values = (f"{field} {flat(getattr(spec, field))}" for field in differing if field not in ("mean", "scale"))
    of_bands = ["mean and scale for each band"] if spec.mean is not None else []
    return f"{near} with {', '.join([*values, *of_bands])}"
