"""`Chain.deliver`: what the command writes, from Python."""

from __future__ import annotations

import logging
import os
from pathlib import Path

import numpy as np
import pytest
import soundfile
from test_dispatch import RATE_HZ, bursts

import vocolab
from vocolab.audio import Audio
from vocolab.chain.chain import Chain
from vocolab.cli.main import run
from vocolab.delivery.dispatch import Dispatch
from vocolab.errors import CallError, MissedTarget, OptionError
from vocolab.files.formats import Form
from vocolab.loudness import measure

PRESET = """\
format = 1
summary = "Loud and limited"
[[effects]]
use = "loudness"
target_lufs = -16.0
[[effects]]
use = "limiter"
ceiling_dbtp = -1.0
"""


@pytest.fixture
def preset(tmp_path: Path) -> vocolab.Preset:
    (tmp_path / "loud.toml").write_text(PRESET)
    return vocolab.preset(tmp_path / "loud.toml")


def loudness(target_lufs: float) -> vocolab.Effect:
    return vocolab.effect("loudness", target_lufs=target_lufs)


def test_it_holds_the_ceiling_after_the_codec_where_saving_does_not(preset, tmp_path):
    preset(bursts()).save(tmp_path / "saved.mp3", bitrate_kbps=64)
    assert measure(Audio.load(tmp_path / "saved.mp3")).true_peak_dbtp > -1.0
    delivery = preset.deliver(bursts(), tmp_path / "a.mp3", bitrate_kbps=64)
    decoded = measure(Audio.load(tmp_path / "a.mp3"))
    assert decoded.true_peak_dbtp <= -1.0
    assert decoded.integrated_lufs == pytest.approx(-16.0, abs=0.2)
    assert delivery.loudness == decoded
    assert delivery.is_decoded and delivery.headroom_db > 0


@pytest.mark.parametrize("name", ["a.mp3", "a.wav", "a.opus"])
def test_it_writes_what_the_command_writes(preset, tmp_path, name):
    bursts().save(tmp_path / "take.wav", bit_depth=32)
    options = {} if name == "a.wav" else {"bitrate_kbps": 64}
    preset.deliver(Audio.load(tmp_path / "take.wav"), tmp_path / name, tags=vocolab.Tags(title="One"), **options)
    written = (tmp_path / name).read_bytes()
    arguments = ["master", tmp_path / "take.wav", "--preset", tmp_path / "loud.toml", "-o", tmp_path / name]
    for option, value in options.items():
        arguments += ["--" + option.replace("_", "-"), value]
    assert run([str(argument) for argument in [*arguments, "--tag", "title=One"]]) == 0
    assert (tmp_path / name).read_bytes() == written


def test_without_the_check_the_numbers_are_those_before_the_codec(preset, tmp_path):
    delivery = preset.deliver(bursts(), tmp_path / "a.mp3", bitrate_kbps=64, codec_check=False)
    assert not delivery.is_decoded
    assert measure(Audio.load(tmp_path / "a.mp3")).true_peak_dbtp > -1.0


def test_a_rate_that_the_format_does_not_take_is_changed_and_that_is_logged(preset, tmp_path, caplog):
    with caplog.at_level(logging.WARNING, logger="vocolab"):
        preset.deliver(Audio(bursts().samples, 44_100), tmp_path / "a.opus")
    assert soundfile.info(tmp_path / "a.opus").samplerate == 48_000
    assert "Opus does not take 44100 Hz; written at 48000 Hz" in caplog.text


def test_a_miss_is_for_one_run_and_changes_no_chain(tmp_path):
    shared = loudness(-5.0)
    first, second = Chain([shared, vocolab.effect("limiter")]), Chain([shared, vocolab.effect("limiter")])
    settings = first.settings
    delivery = first.deliver(bursts(), tmp_path / "a.wav", allow_miss=True)
    assert not delivery.missed and delivery.requirements[0].passed is False
    assert first.settings == settings
    for chain in (first, second):
        with pytest.raises(MissedTarget, match="out of reach"):
            chain.deliver(bursts(), tmp_path / "b.wav")
    assert os.listdir(tmp_path) == ["a.wav"]


def test_no_method_of_a_chain_changes_it(preset, tmp_path):
    settings, effects = preset.settings, preset.effects
    preset.settling(), preset.lowered(3.0), preset.louder(1.0), preset.with_output(vocolab.Output(bit_depth=16))
    preset.deliver(bursts(), tmp_path / "a.mp3", bitrate_kbps=64)
    assert (preset.settings, preset.effects) == (settings, effects)


def test_silence_does_not_meet_a_loudness_and_lies_there(preset, tmp_path):
    silence = Audio(np.zeros((1, RATE_HZ), np.float32), RATE_HZ)
    with pytest.raises(MissedTarget, match=r"a\.wav: written, but not .*integrated loudness can't be measured"):
        preset.deliver(silence, tmp_path / "a.wav")
    assert not Audio.load(tmp_path / "a.wav").samples.any()
    assert not preset.deliver(silence, tmp_path / "a.wav", allow_miss=True).missed


@pytest.mark.parametrize(
    ("name", "options", "error", "said"),
    [
        ("a.mp3", {"bitrate": 64}, OptionError, "output bitrate: unknown option. Did you mean 'bitrate_kbps'"),
        ("a.mp3", {"bitrate_kbps": 1000}, OptionError, "bitrate_kbps: input should be less than or equal to 320"),
        ("a.mp3", {"bit_depth": 16}, CallError, "MP3 has no bit depth"),
        ("a.mp3", {"format": "wav"}, CallError, "contradict each other"),
        ("a.opus", {"sample_rate_hz": 44_100}, CallError, "Opus can't hold 44100 Hz"),
        ("a.txt", {}, CallError, "names no format"),
    ],
)
def test_what_can_not_be_is_refused_before_anything_is_done(preset, tmp_path, name, options, error, said):
    class Unread:
        sample_rate, channels, n_samples = RATE_HZ, 1, RATE_HZ

        def blocks(self, block_samples=0):
            raise AssertionError("it was read")

    with pytest.raises(error, match=said):
        preset.deliver(Unread(), tmp_path / name, **options)
    assert not (tmp_path / name).exists()


def test_a_process_of_another_kind_can_be_delivered(tmp_path):
    """Delivery knows no chain: whatever meets the interface will do."""

    class Same(Chain):
        def run(self, signal):
            return signal

    delivery = Dispatch(Same(), Form()).deliver(bursts(0.5), tmp_path / "a.wav")
    assert delivery.written.n_samples == RATE_HZ // 2


def test_a_rendering_is_delivered_and_told_of_as_one(tmp_path, caplog):
    spec = vocolab.convention("hifigan-22k")
    loud = vocolab.mel(Audio(bursts().samples[:, : 2 * 22_050], 22_050), spec)
    renderer = vocolab.vocoder("griffinlim", mel_spec=spec, iterations=2)
    loud = vocolab.Mel(loud.values + np.float32(np.log(30)), spec)
    with caplog.at_level(logging.WARNING, logger="vocolab"):
        delivery = Chain().deliver(renderer.signal(loud), tmp_path / "a.wav", bit_depth=32)
    assert delivery.written.n_samples == loud.frames * spec.hop_samples
    np.testing.assert_array_equal(Audio.load(tmp_path / "a.wav").samples, renderer(loud).samples)
    assert "the vocoder's output is at full scale or over it" in caplog.text
