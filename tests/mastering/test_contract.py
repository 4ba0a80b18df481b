"""Every mastering effect keeps the contract, at options that make it work hard."""

from __future__ import annotations

from typing import Any

import pytest

from vocolab.testing import EffectContract
from vocolab_mastering import plugin

SPECS = {spec.name: spec for spec in plugin.vocolab_effects()}
NEEDS_A_FILE = {"vst3"}  # somebody else's plugin, and none is here
BANDS = [
    {"kind": "highpass", "frequency_hz": 60.0, "slope_db_per_octave": 48},
    {"kind": "low_shelf", "frequency_hz": 300.0, "gain_db": 5.0, "slope_db_per_octave": 36},
    {"kind": "peak", "frequency_hz": 3_000.0, "gain_db": 4.0, "q": 2.0},
    {"kind": "lowpass", "frequency_hz": 3_500.0, "slope_db_per_octave": 24},
]
OPTIONS: dict[str, dict[str, Any]] = {
    "compressor": {"threshold_db": -30.0, "ratio": 4.0, "attack_ms": 3.0, "release_ms": 40.0},
    "de-esser": {"frequency_hz": 3_000.0, "threshold_db": -30.0},
    "eq": {"bands": BANDS},
    "exciter": {"frequency_hz": 2_000.0, "drive_db": 15.0, "amount": 0.3},
    "fade": {"in_ms": 40.0, "out_ms": 90.0},
    "gain": {"gain_db": -7.0},
    "gate": {"threshold_db": -20.0, "hold_ms": 10.0, "release_ms": 30.0},
    "high-shelf": {"frequency_hz": 3_000.0, "gain_db": -6.0},
    "highpass": {"cutoff_hz": 80.0, "slope_db_per_octave": 48},
    "leveler": {"target_lufs": -14.0, "lookahead_s": 0.3, "window_s": 0.4, "max_slope_db_per_s": 60.0},
    "level": {"target_lufs": -20.0},
    "limiter": {"ceiling_dbtp": -12.0, "lookahead_ms": 2.0, "release_ms": 20.0},
    "loudness": {"target_lufs": -20.0},
    "low-shelf": {"gain_db": 6.0, "slope_db_per_octave": 24},
    "lowpass": {"cutoff_hz": 3_000.0, "slope_db_per_octave": 48},
    "multiband": {"thresholds_db": [-50.0, -45.0, -40.0, -40.0, -40.0], "ratio": 3.0, "attack_ms": 3.0},
    "pad": {"head_s": 0.1, "tail_s": 0.2, "room_tone": True},
    "peak": {"frequency_hz": 2_000.0, "gain_db": -9.0, "q": 3.0},
    "resample": {"sample_rate_hz": 16_000},
    "reverb": {"mix": 1.0},
    "trim": {"threshold_db": -20.0, "keep_ms": 3.0},
    "widener": {"width": 1.6},
}
CHECKS = sorted(name for name in dir(EffectContract) if name.startswith("test_"))
ONE_MODULE = "test_the_plugin_module_imports_nothing_heavy"


def contract(name: str, **more: Any) -> Any:
    facts = {"spec": SPECS[name], "options": {**OPTIONS.get(name, {}), **more}, "rates": (8_000, 96_000)}
    facts["delay_tolerance_ms"] = None if name == "reverb" else 1.0  # a room is later than what is said in it
    return type("Made", (EffectContract,), facts | {"channels": (1, 2, 6)})()


@pytest.mark.parametrize("check", [check for check in CHECKS if check != ONE_MODULE])
@pytest.mark.parametrize("name", sorted(SPECS.keys() - NEEDS_A_FILE))
def test_every_effect_keeps_it(name: str, check: str) -> None:
    getattr(contract(name), check)()


def test_the_plugin_is_light() -> None:
    getattr(contract("gain"), ONE_MODULE)()


@pytest.mark.parametrize("name", sorted(SPECS.keys() - NEEDS_A_FILE - {"pad", "resample", "trim"}))
def test_blended_it_is_the_same_in_parts(name: str) -> None:
    contract(name, mix=0.3).test_blocks_equal_the_whole()


def test_every_effect_is_there() -> None:
    assert OPTIONS.keys() <= SPECS.keys()
