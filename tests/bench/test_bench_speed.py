"""`bench speed` and `bench effects`: what is counted, what is compared, and that the reference is what it says."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from vocolab.bench.speed.cases import Case, Way, choose, reference_of, ways
from vocolab.bench.speed.clock import ratio, turn_about_s
from vocolab.bench.speed.comparing import moves, not_compared, read_results, slower
from vocolab.bench.speed.effects import measure_effects, sound
from vocolab.bench.speed.measuring import with_growth
from vocolab.bench.speed.plot import read_quality, with_quality
from vocolab.bench.speed.reference import ReferenceProcess
from vocolab.bench.speed.results import EffectRow, SpeedResults, SpeedRow
from vocolab.bench.speed.worker import Question, answers
from vocolab.catalog import Catalog
from vocolab.cli.main import run
from vocolab.errors import CallError, InputError, PluginError, UnknownName

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


def test_a_row_without_a_reference_is_held_against_the_yardstick(tmp_path: Path) -> None:
    free = replace(ROW, voice="griffinlim", times_reference=None, quartiles=None, times_yardstick=1.0,
                   yardstick_quartiles=(0.99, 1.01))  # fmt: skip
    new = SpeedResults("x", [replace(free, rtf=9.0, times_yardstick=0.5, yardstick_quartiles=(0.49, 0.51)), ROW])
    (move,) = moves(SpeedResults("x", [free]), new)
    assert move.clear and move.change == -0.5  # whatever the seconds say
    assert not_compared(SpeedResults("x", [free]), new) == ["mine, onnx fp32, 5 s, 1 thread(s)"]


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


def test_the_reference_has_the_published_macs(catalog: Catalog) -> None:
    """HiFi-GAN V1, V2, V3, counted layer by layer in the plain network, and as `sizes` computes them of the config."""
    import torch
    from torch import nn

    from vocolab_hifigan.sizes import sizes

    counted: list[float] = []

    def count(module: Any, given: Any, made: torch.Tensor) -> None:
        steps = given[0].shape[-1] if isinstance(module, nn.ConvTranspose1d) else made.shape[-1]
        counted.append(module.weight.numel() * steps)

    published = {"v1": 26.4, "v2": 1.66, "v3": 1.94}  # 10^9 a second of audio
    for case in choose(catalog, sizes=["hifigan"]):
        voice = case.load(catalog)
        assert voice is not None and voice.mel_spec is not None
        network = reference_of(catalog, case, voice).to("meta")
        for module in network.modules():
            if isinstance(module, nn.Conv1d | nn.ConvTranspose1d):
                module.register_forward_hook(count)
        counted.clear()
        frames = 100
        network(torch.empty(1, voice.mel_spec.n_mels, frames, device="meta"))
        macs = sum(counted) * voice.mel_spec.frame_rate_hz / frames
        assert macs == pytest.approx(sizes(voice.config, voice.mel_spec).macs_per_second, rel=1e-6)
        assert macs / 1e9 == pytest.approx(published[case.label.partition(":")[2]], rel=0.02)


def test_the_reference_takes_no_longer_than_its_layers_one_by_one(catalog: Catalog) -> None:
    """HiFi-GAN V2: nothing of the reference's time is anything but the published layers.

    Turn about in CPU time. Whoever else is on the machine takes from both; the least of the turns' ratios is taken, and
    a noisy round is measured again.
    """
    import torch
    from torch.nn import functional as F

    (case,) = choose(catalog, sizes=["hifigan:v2"])
    network = reference_of(catalog, case, case.load(catalog))
    mel = torch.zeros(1, 80, 86)

    def conv(module: Any, x: torch.Tensor) -> torch.Tensor:
        return F.conv1d(x, module.weight, module.bias, padding=module.padding, dilation=module.dilation)

    def block(one: Any, x: torch.Tensor) -> torch.Tensor:
        for first, second in zip(one.convs1, one.convs2, strict=True):
            x = x + conv(second, F.leaky_relu(conv(first, F.leaky_relu(x, 0.1)), 0.1))
        return x

    def one_by_one() -> torch.Tensor:
        x = conv(network.conv_pre, mel)
        for index, up in enumerate(network.ups):
            x = F.conv_transpose1d(F.leaky_relu(x, 0.1), up.weight, up.bias, stride=up.stride, padding=up.padding)
            x = sum(block(one, x) for one in network.resblocks[3 * index : 3 * index + 3]) / 3
        return torch.tanh(conv(network.conv_post, F.leaky_relu(x)))[:, 0]

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with torch.inference_mode():
            assert torch.equal(network(mel), one_by_one())
            for _ in range(4):
                taken = turn_about_s({"reference": lambda: network(mel), "layers": one_by_one}, 7, "cpu")
                found = min(taken["reference"]) / min(taken["layers"])
                if 0.9 < found < 1.1:
                    break
    finally:
        torch.set_num_threads(threads)
    assert 0.9 < found < 1.1


def test_a_question_is_answered_with_rows_beside_the_reference(catalog: Catalog) -> None:
    (case,) = choose(catalog, voices=["hifigan-22k"])
    question = Question(case, (Way("torch"),), (0.1,), 1, 3, 5.0, 0)
    rows: list[dict[str, Any]] = [answer["row"] for answer in answers(question)]
    assert [row["engine"] for row in rows] == ["torch", "reference"]
    ours = rows[0]
    assert ours["rtf"] > 0 and ours["times_reference"] > 0 and ours["first_block_ms"][0] > 0
    assert ours["cold_s"] > 0 and ours["open_s"] > 0 and ours["times_yardstick"] > 0
    results = SpeedResults("x", [SpeedRow(**row) for row in rows])
    assert "| hifigan-22k | reference | fp32 | 1 (cpu) | 0.1 |" in results.to_markdown()
    assert SpeedResults.from_dict(json.loads(json.dumps(results.to_dict()))).rows[0].voice == "hifigan-22k"


def test_what_is_done_to_the_output_is_in_the_name_and_has_no_reference(catalog: Catalog) -> None:
    (case,) = choose(catalog, voices=["hifigan-22k"])
    (row,) = [answer["row"] for answer in answers(Question(case, (Way("torch"),), (0.1,), 1, 3, 5.0, 2))]
    assert row["voice"] == "hifigan-22k, refined 2" and row["times_reference"] is None
    (case,) = choose(catalog, vocoders=["griffinlim"])
    (row,) = [answer["row"] for answer in answers(Question(case, (Way("torch"),), (0.1,), 1, 3, 5.0, 0))]
    assert (row["voice"], row["engine"]) == ("griffinlim, hifigan-22k", "-")


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


def test_nothing_in_common_is_no_comparison(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "old.json").write_text(json.dumps(SpeedResults("x", [ROW]).to_dict()))
    call = ["bench", "effects", "--effect", "gain", "--seconds", "1", "--runs", "3", "--compare"]
    assert run([*call, str(tmp_path / "old.json")]) == 1
    assert "nothing was compared" in capsys.readouterr().err


QUALITY = {"data": {"rows": [{"label": "recordings", "pesq_wb": 4.64}, {"label": "mine", "pesq_wb": 3.0},
                             {"label": "its", "pesq_wb": 2.0}]}}  # fmt: skip


def test_results_of_several_calls_are_put_on_one_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("matplotlib")
    for name, rows in (("one", [ROW, replace(ROW, seconds=60.0)]), ("two", [replace(ROW, voice="its", rtf=0.002)])):
        (tmp_path / f"{name}.json").write_text(json.dumps(SpeedResults(f"call {name}", rows).to_dict()))
    (tmp_path / "quality.json").write_text(json.dumps(QUALITY))
    call = ["bench", "tables", str(tmp_path / "one.json"), str(tmp_path / "two.json"), "-o", str(tmp_path / "all.md")]
    assert run([*call, "--plot", str(tmp_path / "all.png"), "--quality", str(tmp_path / "quality.json")]) == 0
    text = (tmp_path / "all.md").read_text()
    assert text.index("call one") < text.index("| mine |") < text.index("call two") < text.index("| its |")
    assert (tmp_path / "all.png").read_bytes().startswith(b"\x89PNG")
    assert "2 voices" in capsys.readouterr().err


def test_the_plot_takes_the_usual_length_and_leaves_random_weights_out() -> None:
    rows = [replace(ROW, seconds=60.0, rtf=0.001), ROW, replace(ROW, engine="openvino", rtf=0.005),
            replace(ROW, voice="its", trained=False)]  # fmt: skip
    ((row, value),) = with_quality(rows, {"mine": 3.0, "its": 2.0})
    assert (row.engine, row.seconds, value) == ("openvino", 5.0, 3.0)


@pytest.mark.parametrize(("told", "problem"), [("[]", "no result of"), ('{"data": {"rows": [{}]}}', "has none of")])
def test_a_quality_that_is_none(tmp_path: Path, told: str, problem: str) -> None:
    (tmp_path / "quality.json").write_text(told)
    with pytest.raises(InputError, match=problem):
        read_quality(tmp_path / "quality.json")


def test_a_reference_that_ends_is_told(capfd: pytest.CaptureFixture[str]) -> None:
    process = ReferenceProcess(Case("nobody", "hifigan"), 1)
    with pytest.raises(PluginError, match="the reference of nobody ended with status 1"):
        process.passes_of(9).took_s("cpu", 1)
    process.close()
    assert "nobody" in capfd.readouterr().err
