"""Every restoration effect keeps the contract, at options that make it work hard."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from vocolab.audio import Audio
from vocolab.testing import EffectContract
from vocolab_restoration import plugin

SPECS = {spec.name: spec for spec in plugin.vocolab_effects()}
OPTIONS: dict[str, dict[str, Any]] = {
    "de-click": {"threshold": 2.0},
    "de-breath": {"under_speech_db": 6.0, "shortest_ms": 80.0},
    "de-plosive": {"rise_db": 6.0, "longest_ms": 400.0},
    "match": {},
    "de-reverb": {"idle_t60_s": 0.0},
    "noise-reduction": {"idle_snr_db": 120.0},
}
NO_DELAY_KNOWN: set[str] = set()
"""Effects that leave nothing of the noise by which a delay is measured."""
CHECKS = sorted(name for name in dir(EffectContract) if name.startswith("test_"))
ONE_MODULE = "test_the_plugin_module_imports_nothing_heavy"


@pytest.fixture(autouse=True, scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A recording for `match`."""
    path = tmp_path_factory.mktemp("restoration") / "reference.wav"
    noise = np.cumsum(np.random.default_rng(0).standard_normal(24_000)) * 1e-3
    Audio.mono(noise - noise.mean(), 24_000).save(path)
    OPTIONS["match"]["reference"] = str(path)
    return path


def contract(name: str, **more: Any) -> Any:
    facts = {"spec": SPECS[name], "options": {**OPTIONS.get(name, {}), **more}, "rates": (8_000, 48_000)}
    facts["delay_tolerance_ms"] = None if name in NO_DELAY_KNOWN else 1.0
    return type("Made", (EffectContract,), facts)()


@pytest.mark.parametrize("check", [check for check in CHECKS if check != ONE_MODULE])
@pytest.mark.parametrize("name", sorted(SPECS))
def test_every_effect_keeps_it(name: str, check: str) -> None:
    getattr(contract(name), check)()


@pytest.mark.parametrize("name", sorted(SPECS))
def test_blended_it_is_the_same_in_parts(name: str) -> None:
    contract(name, mix=0.3).test_blocks_equal_the_whole()


def test_every_effect_is_there() -> None:
    assert OPTIONS.keys() <= SPECS.keys()
