"""Readings and requirements in words: what they are called, and their unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vocolab.delivery.target import Requirement, Target

TITLES = {
    "integrated_lufs": "integrated loudness",
    "momentary_max_lufs": "momentary maximum",
    "short_term_max_lufs": "short-term maximum",
    "loudness_range_lu": "loudness range",
    "true_peak_dbtp": "true peak",
    "sample_peak_dbfs": "sample peak",
    "plr_lu": "peak to loudness",
    "rms_dbfs": "RMS",
    "rms_min_dbfs": "RMS",
    "rms_max_dbfs": "RMS",
    "crest_db": "crest factor",
    "noise_floor_dbfs": "noise floor",
    "dc_offset": "DC offset",
    "clipped_samples": "clipped samples",
    "sample_rate_hz": "sample rate",
}
"""What people call a reading or a requirement of that name."""

_UNITS = {"lufs": "LUFS", "lu": "LU", "dbtp": "dBTP", "dbfs": "dBFS", "db": "dB", "hz": "Hz"}


def reading_text(name: str, value: float | None) -> str:
    """A value with the unit that its name ends in."""
    if value is None:
        return "undefined"
    return f"{_number(name, value)} {_unit(name)}".rstrip()


def wanted_text(requirement: Requirement, target: Target) -> str:
    """As in `-23.0 ±0.2 LUFS`, `at most -1.0 dBTP` and `48000 Hz`."""
    unit = _unit(requirement.requirement)
    if requirement.bound == "near":
        return f"{requirement.wanted:.1f} ±{target.tolerance_lu:g} {unit}"
    if requirement.bound == "exactly":
        return f"{requirement.wanted:g} {unit}"
    return f"{requirement.bound} {requirement.wanted:.1f} {unit}"


def shortfall(requirement: Requirement) -> str:
    """A requirement that does not hold, as in `true peak -0.32 dBTP`."""
    got = "can't be measured" if requirement.got is None else reading_text(requirement.requirement, requirement.got)
    return f"{TITLES[requirement.requirement]} {got}"


def _unit(name: str) -> str:
    return _UNITS.get(name.rpartition("_")[2], "")


def _number(name: str, value: float) -> str:
    if name == "dc_offset":
        return f"{round(value, 5) + 0.0:+.5f}"  # + 0.0 takes the sign from a zero
    return f"{value:d}" if isinstance(value, int) else f"{value:.2f}"
