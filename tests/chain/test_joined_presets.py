"""Presets that are joined: the effects of all, the output and the target of the last."""

from __future__ import annotations

from pathlib import Path

import pytest

from vocolab.catalog import Catalog
from vocolab.chain.presets import check_preset, read_preset
from vocolab.effects import effect_name
from vocolab.errors import CallError, PresetError

FIRST = """format = 1
summary = "First"
[output]
sample_rate_hz = 44100
[[effects]]
use = "highpass"
cutoff_hz = 50.0
"""


@pytest.fixture
def first(tmp_path: Path) -> Path:
    file = tmp_path / "first.toml"
    file.write_text(FIRST)
    return file


def test_both_chains_run_with_output_and_target_of_the_last(first: Path) -> None:
    catalog = Catalog.installed()
    last, joined = read_preset("podcast", catalog), read_preset((first, "podcast"), catalog)
    assert [effect_name(effect) for effect in joined.effects] == ["highpass", *map(effect_name, last.effects)]
    assert (joined.output, joined.target) == (last.output, last.target)
    assert joined.name == "first + podcast"


def test_overrides_reach_whichever_has_the_effect(first: Path) -> None:
    catalog = Catalog.installed()
    plan = check_preset((first, "podcast"), catalog, ["highpass.cutoff_hz=90", "limiter.ceiling_dbtp=-2"])
    assert [step.options.cutoff_hz for step in plan.steps if step.effect == "highpass"] == [90.0, 90.0]
    assert plan.steps[-1].options.ceiling_dbtp == -2.0
    with pytest.raises(PresetError, match="no effect 'widener'"):
        check_preset((first, "podcast"), catalog, ["widener.width=1.2"])


@pytest.mark.parametrize("target", ["podcast", "peak"])
def test_a_target_in_an_earlier_one_is_refused(target: str) -> None:
    with pytest.raises(CallError, match=f"{target} says what the finished file has to meet"):
        check_preset((target, "broadcast"), Catalog.installed())


def test_a_stated_target_counts_as_well(first: Path) -> None:
    first.write_text(FIRST + "[target]\nnoise_floor_dbfs = -60.0\n")
    with pytest.raises(CallError, match=r"by its \[target\]"):
        check_preset((first, "podcast"), Catalog.installed())


def test_restore_speech_goes_before_every_other() -> None:
    plan = check_preset(("restore-speech", "podcast"), Catalog.installed())
    assert [step.effect for step in plan.steps][:3] == ["de-clip", "de-hum", "de-click"]
    assert plan.steps[-1].effect == "limiter"
