"""Whether a file meets a preset is one question: writing, measuring and reporting answer alike."""

from __future__ import annotations

import json

import numpy as np
import pytest

from vocolab.audio import Audio
from vocolab.catalog import Catalog
from vocolab.chain.presets import read_preset
from vocolab.delivery.target import Target, check, missed
from vocolab.loudness import Loudness
from vocolab.plugins.host import PluginHost

BUILTIN = Catalog(PluginHost(allow=frozenset()))
PROMISING = [
    name for name in BUILTIN.presets.names()
    if not read_preset(name, BUILTIN).target.is_empty and name != "linear"  # which may be missed, and says so
]
RATE_HZ = 44_100
TAKES = {
    "silence": np.zeros((1, RATE_HZ)),
    "under the gate": 1e-5 * np.random.default_rng(1).standard_normal((1, RATE_HZ)),
    "too short": 0.1 * np.sin(np.arange(RATE_HZ // 4) / 9)[None],
    "a tone": 0.1 * np.sin(np.arange(3 * RATE_HZ) / 9)[None],
}


@pytest.mark.parametrize("take", TAKES)
@pytest.mark.parametrize("preset", PROMISING)
def test_master_and_measure_agree(cli, preset, take):
    Audio(TAKES[take].astype(np.float32), RATE_HZ).save("take.wav", bit_depth=32)
    made = cli("master", "take.wav", "--preset", preset, "-o", "a.wav", "--json", "--report", "report.json")
    measured = cli("measure", "a.wav", "--preset", preset, "--json")
    assert made.code == measured.code
    (written,), (read,) = made.json, measured.json
    assert written["met"] == read["passed"] == (made.code == 0)
    assert written["requirements"] == read["requirements"]
    with open("report.json", encoding="utf-8") as file:
        assert json.load(file)["files"][0]["met"] == written["met"]


def test_linear_may_miss_its_loudness_and_says_so(cli):
    Audio(TAKES["silence"].astype(np.float32), RATE_HZ).save("take.wav", bit_depth=32)
    made = cli("master", "take.wav", "--preset", "linear", "-o", "a.wav", "--json")
    measured = cli("measure", "a.wav", "--preset", "linear", "--json")
    assert (made.code, measured.code) == (0, 0)
    assert made.json[0]["requirements"] == measured.json[0]["requirements"]
    assert "MISSED" in made.err


UNDEFINED = Loudness(None, None, None, channels=1, sample_rate_hz=RATE_HZ)


@pytest.mark.parametrize("name", [name for name in Target.__dataclass_fields__ if name != "tolerance_lu"])
def test_what_is_undefined_is_under_every_ceiling_and_reaches_nothing(name):
    wanted = RATE_HZ if name == "sample_rate_hz" else -20.0
    reaching = {"integrated_lufs", "mono_integrated_lufs", "rms_min_dbfs"}
    assert bool(missed(check(Target(**{name: wanted}), UNDEFINED))) == (name in reaching)


def test_only_a_loudness_can_be_allowed_to_be_missed():
    lines = check(Target(-23.0, rms_min_dbfs=-20.0), UNDEFINED)
    assert [line.requirement for line in missed(lines, {"integrated_lufs"})] == ["rms_min_dbfs"]
