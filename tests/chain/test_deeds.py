"""What effects tell goes with the signal: through chains, albums, streams, files and other processes."""

from __future__ import annotations

import json
import pickle
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

import vocolab
from vocolab.audio import Audio
from vocolab.chain.chain import Chain
from vocolab.chain.one_pass import Coming, run_coming
from vocolab.cli.deed_table import clock, deed_table
from vocolab.cli.main import run
from vocolab.deeds import Deed, Span
from vocolab.effects import BlockEffect, SignalEffect, Told
from vocolab.errors import PluginError
from vocolab.files.spool import Spool
from vocolab.interfaces import Effect
from vocolab.options import EffectOptions

RATE = 16_000
NOISE = Audio((0.1 * np.random.default_rng(0).standard_normal((2, 3 * RATE))).astype(np.float32), RATE)


class Halver(BlockEffect[EffectOptions]):
    """Halves, and counts the samples."""

    name = "halver"

    def open(self, sample_rate: int, channels: int) -> Halving:
        return Halving()


class Halving:
    latency_samples = 0

    def __init__(self) -> None:
        self.count = 0

    def process(self, block: np.ndarray) -> np.ndarray:
        self.count += block.shape[1]
        return 0.5 * block

    @property
    def deeds(self) -> list[Deed]:
        return [Deed(sentence=f"{self.count} samples halved", figures={"samples": self.count})]


class Looker(SignalEffect[EffectOptions]):
    """Puts the signal aside, and finds nothing."""

    name = "looker"

    def edit(self, signal):
        return Told(Spool.of(signal), [Deed(sentence="nothing found", is_idle=True)])


class Whole:
    """Takes whole audio, as the plainest effect does."""

    name = "whole"

    def __call__(self, audio: Audio) -> Audio:
        return Audio(-audio.samples, audio.sample_rate, deeds=(Deed(sentence="turned round"),))


def made(*kinds: type) -> list[Effect]:
    return [kind(EffectOptions()) if kind is not Whole else kind() for kind in kinds]


def names(signal: object) -> list[str]:
    return [deed.effect for deed in signal.deeds]


@pytest.mark.parametrize("order", [(Halver, Looker, Whole), (Whole, Halver, Looker), (Looker, Whole, Halver),
                                   (Halver, Halver), (Looker, Looker)])
def test_a_chain_gives_the_deeds_of_all_in_order(order) -> None:
    out = Chain(made(*order))(NOISE)
    assert names(out) == [kind.name for kind in order]
    assert names(Chain(made(Halver))(out)) == [*names(out), "halver"], "what was done before stays"
    assert not NOISE.deeds


def test_nothing_is_told_of_what_is_switched_off() -> None:
    assert Chain([Halver(EffectOptions(mix=0.0)), Looker(EffectOptions(enabled=False))])(NOISE).deeds == ()


@pytest.mark.parametrize("aim", ["loudness", "input-level", "level"])
def test_they_pass_an_effect_that_aims(aim: str) -> None:
    chain = Chain([*made(Halver), vocolab.effect(aim), *made(Looker)])
    out = chain.run(NOISE)
    assert names(out) == ["halver", "looker"]
    assert [deed.figures for deed in out.deeds] == [{"samples": 3 * RATE}, {}], "of one run, whatever was tried"
    for part in chain.run_album([NOISE, NOISE]):
        assert names(part) == ["halver", "looker"]


def test_they_come_out_of_a_stream() -> None:
    def blocks() -> Iterator[np.ndarray]:
        yield from NOISE.blocks(1_000)

    out = run_coming(Chain(made(Halver, Halver)), Coming(blocks(), RATE, 2))
    assert not out.deeds
    assert sum(block.shape[1] for block in out.blocks()) == 3 * RATE
    assert [deed.figures["samples"] for deed in out.deeds] == [3 * RATE] * 2


def test_a_file_has_them_through_all_rounds_of_its_codec(tmp_path: Path) -> None:
    delivery = Chain([*made(Halver), vocolab.effect("limiter")]).deliver(NOISE, tmp_path / "a.ogg", allow_miss=True)
    assert [deed.sentence for deed in delivery.deeds] == [f"{3 * RATE} samples halved"]
    assert pickle.loads(pickle.dumps(delivery.deeds)) == delivery.deeds


@pytest.mark.parametrize("told", ["a text", [1], [None]])
def test_what_is_no_deed_is_the_plugins_fault(told) -> None:
    class Wrong(Halving):
        deeds = told

    class Liar(Halver):
        def open(self, sample_rate, channels):
            return Wrong()

    with pytest.raises(PluginError, match="has to tell Deed"):
        Liar(EffectOptions())(NOISE)


def test_who_fails_when_asked_is_named() -> None:
    class Failing(Halving):
        @property
        def deeds(self):
            raise KeyError("clicks")

    class Forgetful(Halver):
        def open(self, sample_rate, channels):
            return Failing()

    with pytest.raises(PluginError, match=r"halver.*KeyError"):
        Forgetful(EffectOptions())(NOISE)


@pytest.mark.parametrize("wrong", [{"sentence": ""}, {"sentence": "two\nlines"}, {"sentence": "ends."},
                                   {"sentence": "x" * 501}, {"sentence": "x", "figures": {"A b": 1}},
                                   {"sentence": "x", "figures": {"a_db": float("nan")}}])
def test_a_deed_is_held_to_its_form(wrong) -> None:
    with pytest.raises(ValueError):
        Deed(**wrong)


@pytest.mark.parametrize("wrong", [(-1.0, 1.0), (2.0, 1.0), (0.0, float("inf")), (0.0, 1.0, float("-inf"))])
def test_a_span_is_held_to_its_form(wrong) -> None:
    with pytest.raises(ValueError):
        Span(*wrong)


def test_people_read_where_and_how_much() -> None:
    deed = Deed(sentence="3 clicks taken out", spans=(Span(3.2, 3.21, -24.0), Span(3723.5, 3725.0)), n_spans=3,
                effect="de-click")
    told = " ".join(deed_table([deed]).split())  # on a terminal of any width
    assert told == "de-click 3 clicks taken out: 0:03.20 (-24.0 dB), 1:02:03.50 to 1:02:05.00 and 1 more"
    assert [clock(seconds) for seconds in (0.0, 59.999, 3599.999)] == ["0:00.00", "1:00.00", "1:00:00.00"]


@pytest.fixture
def hummed(tmp_path: Path) -> list[Path]:
    """Two recordings of tones with a hum, and a thump in the second."""
    time = np.arange(4 * RATE) / RATE
    hum = sum(0.02 * np.sin(2 * np.pi * 50 * k * time) / k for k in range(1, 8))
    files = [tmp_path / "a.wav", tmp_path / "b.wav"]
    for file, pitch_hz in zip(files, (330.0, 440.0), strict=True):
        voice = 0.1 * np.sin(2 * np.pi * pitch_hz * time) * (np.sin(2 * np.pi * 1.5 * time) > 0)
        Audio.mono((voice + hum).astype(np.float32), RATE).save(file)
    return files


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_the_command_tells_it_in_words_in_json_and_on_a_page(jobs, hummed, tmp_path, capsys) -> None:
    call = ["master", *map(str, hummed), "--preset", "restore-speech", "--preset", "podcast", "--allow-miss", "--jobs",
            jobs, "--out-dir", str(tmp_path / "out"), "--json", "--report", str(tmp_path / "report.html")]
    assert run(call) == 0
    said = capsys.readouterr()
    entries = json.loads(said.out)
    assert len(entries) == 2
    for entry in entries:
        by_effect = {deed["effect"]: deed for deed in entry["deeds"]}
        assert list(by_effect) == ["de-clip", "de-hum", "de-click", "de-plosive", "noise-reduction", "de-reverb"]
        found = by_effect["de-hum"]
        assert not found["idle"] and found["figures"]["frequency_hz"] == pytest.approx(50.0, abs=0.02)
        assert found["spans"][0]["change_db"] < -10 and found["spans"][0]["end_s"] == pytest.approx(4.0)
        assert by_effect["de-clip"]["idle"]
    page = (tmp_path / "report.html").read_text()
    for text in (" ".join(said.err.split()), page):
        assert text.count("hum of 50.0") == 2
        assert "no clipping found" in text
    assert run([*call[:-3], "--resume", "--json"]) == 0
    capsys.readouterr()
    assert run([*call[:-3], "--resume", "--json"]) == 0
    assert [entry["deeds"] for entry in json.loads(capsys.readouterr().out)] == [None, None]


def test_a_mix_tells_it_too(hummed, tmp_path, capsys) -> None:
    call = ["mix", *map(str, hummed), "--preset", "restore-speech", "--preset", "podcast", "--allow-miss", "-o",
            str(tmp_path / "mix.wav"), "--json"]
    assert run(call) == 0
    (entry,) = json.loads(capsys.readouterr().out)
    assert entry["deeds"][1]["effect"] == "de-hum" and not entry["deeds"][1]["idle"]
