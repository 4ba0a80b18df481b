"""`bench speed` and `bench effects`: what is counted, what is compared, and that the reference is what it says."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from vocolab.bench.speed.cases import Way, choose, reference_of, ways
from vocolab.bench.speed.clock import ratio, turn_about_s
from vocolab.bench.speed.comparing import moves, read_results, slower
from vocolab.bench.speed.effects import measure_effects, sound
from vocolab.bench.speed.measuring import with_growth
from vocolab.bench.speed.results import EffectRow, SpeedResults, SpeedRow
from vocolab.bench.speed.worker import Question, answers
from vocolab.catalog import Catalog
from vocolab.cli.main import run
from vocolab.errors import CallError, InputError, UnknownName

ROW = SpeedRow("mine", "hifigan", True, "onnx", "1", "fp32", 1, "cpu", 5.0, 0.01, 7, 2.0, (1.95, 2.05))


@pytest.fixture
def catalog() -> Catalog:
    return Catalog.installed(no_plugins=True)


def spin(seconds: float) -> None:
    until = time.process_time() + seconds
    while time.process_time() < until:
        pass


def test_runs_take_turns_and_ratios_are_of_the_same_turn() -> None:
    order: list[str] = []

    def call(name: str, seconds: float) -> None:
        order.append(name)
        spin(seconds)

    taken = turn_about_s({"a": lambda: call("a", 0.04), "b": lambda: call("b", 0.02)}, 3, "cpu")
    assert order == ["a", "b"] * 4  # the first turn does not count
    found = ratio(taken["a"], taken["b"])
    assert 1.7 < found.value < 2.3 and found.low <= found.value <= found.high


def test_seconds_that_go_as_a_power_of_the_length_are_fitted() -> None:
    rows = [replace(ROW, seconds=s, rtf=0.01 * s**0.3) for s in (0.1, 1.0, 5.0, 60.0)]
    assert [round(row.growth or 0, 6) for row in with_growth(rows)] == [1.3] * 4
    assert with_growth([ROW])[0].growth is None


def test_what_moved_beyond_noise_is_told(tmp_path: Path) -> None:
    old = SpeedResults("a command", [ROW], [EffectRow("gain", "effect", 1000.0, (990.0, 1010.0), 5)])
    new = SpeedResults("a command", [replace(ROW, times_reference=1.6, quartiles=(1.58, 1.62))],
                       [EffectRow("gain", "effect", 1010.0, (1000.0, 1020.0), 5)])  # fmt: skip
    (tmp_path / "old.json").write_text(json.dumps(old.to_dict()))
    found = moves(read_results(tmp_path / "old.json"), new)
    assert [(move.clear, round(move.change, 2)) for move in found] == [(True, -0.2), (False, 0.01)]
    assert [move.label for move in slower(found, 0.1)] == ["mine, onnx fp32, 5 s, 1 thread(s)"]
    assert slower(found, 0.3) == []


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"rows": [{"a": 1}]}'])
def test_a_result_that_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "old.json").write_text(text)
    with pytest.raises(InputError, match="no result of"):
        read_results(tmp_path / "old.json")


def test_cases_are_voices_sizes_and_vocoders_without_a_voice(catalog: Catalog) -> None:
    assert [case.label for case in choose(catalog, vocoders=["vocos", "griffinlim"])] == [
        "vocos-22k", "vocos-48k", "griffinlim"]
    sizes = choose(catalog, sizes=["hifigan"])
    assert [(case.label, case.trained) for case in sizes] == [(f"hifigan:v{n}", False) for n in (1, 2, 3)]
    with pytest.raises(UnknownName, match="no published size of hifigan named 'v4'"):
        choose(catalog, sizes=["hifigan:v4"])
    with pytest.raises(CallError, match="no voice of a vocoder"):
        choose(catalog, voices=["aligner-22k"])
    with pytest.raises(UnknownName):
        ways(catalog, ["no-such"], ["fp32"])


def test_the_reference_has_the_published_cost_and_no_weight_norm(catalog: Catalog) -> None:
    """HiFi-GAN V2: 0.93 M parameters (the paper's table 4), every multiplication in a plain convolution."""
    from torch import nn

    (case,) = choose(catalog, sizes=["hifigan:v2"])
    network = reference_of(catalog, case, case.load(catalog))
    assert round(sum(p.numel() for p in network.parameters()) / 1e6, 2) == 0.93
    kinds = {type(module) for module in network.modules() if not list(module.children()) and list(module.parameters())}
    assert kinds == {nn.Conv1d, nn.ConvTranspose1d}
    assert not network.training


def test_a_question_is_answered_with_rows_beside_the_reference(catalog: Catalog) -> None:
    (case,) = choose(catalog, voices=["hifigan-22k"])
    question = Question(case, (Way("torch"),), (0.1,), 1, 3, 5.0, 0)
    rows: list[dict[str, Any]] = [answer["row"] for answer in answers(question)]
    assert [row["engine"] for row in rows] == ["torch", "reference"]
    ours = rows[0]
    assert ours["rtf"] > 0 and ours["times_reference"] > 0 and ours["first_block_ms"][0] > 0
    results = SpeedResults("x", [SpeedRow(**row) for row in rows])
    assert "| hifigan-22k | reference | fp32 | 1 (cpu) | 0.1 |" in results.to_markdown()
    assert SpeedResults.from_dict(json.loads(json.dumps(results.to_dict()))).rows[0].voice == "hifigan-22k"


def test_effects_and_presets_have_a_row_each(catalog: Catalog) -> None:
    rows = list(measure_effects(catalog, ["gain"], ["broadcast"], 2.0, 3))
    assert [row.key for row in rows if isinstance(row, EffectRow)] == [("effect", "gain"), ("preset", "broadcast")]
    assert all(isinstance(row, EffectRow) and row.times_real_time > 1 for row in rows)


def test_the_sound_that_effects_get_is_at_the_level_it_states() -> None:
    import numpy as np

    audio = sound(3.0)
    assert (audio.channels, audio.sample_rate, audio.n_samples) == (2, 48_000, 144_000)
    assert 20 * np.log10(np.sqrt(np.mean(audio.samples.astype(float) ** 2))) == pytest.approx(-23, abs=0.01)


def test_the_command_exits_1_where_something_got_slower(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fast = SpeedResults("x", [], [EffectRow("gain", "effect", 1e9, (1e9, 1e9), 5)])
    (tmp_path / "old.json").write_text(json.dumps(fast.to_dict()))
    call = ["bench", "effects", "--effect", "gain", "--seconds", "1", "--runs", "3", "--compare"]
    assert run([*call, str(tmp_path / "old.json"), "-o", str(tmp_path / "new.md")]) == 1
    assert "more than 10% slower" in capsys.readouterr().err
    assert "| `gain` | effect |" in (tmp_path / "new.md").read_text()
