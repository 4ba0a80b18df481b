"""From Python: chains to files and back, listings, streams, axes, copies and what notebooks show."""

from __future__ import annotations

import base64
import copy
import io
import logging
import pickle
import re
import zlib

import numpy as np
import pytest
import soundfile

import vocolab
from vocolab.audio import Audio
from vocolab.errors import AudioError, CallError
from vocolab.mels.conventions import convention
from vocolab.mels.mel import Mel
from vocolab.mels.plausible import plausible_mel

RATE = 22_050
TONE = (0.3 * np.sin(np.arange(RATE) / 20)).astype(np.float32)


@pytest.mark.parametrize("name", sorted(vocolab.installed("presets")))
def test_every_preset_comes_back_from_its_own_text(name, tmp_path) -> None:
    preset = vocolab.preset(name)
    preset.save(tmp_path / "again.toml")
    again = vocolab.preset(tmp_path / "again.toml")
    assert again.settings == preset.settings
    assert again.summary == preset.summary
    assert again.target == preset.target
    assert again.vocoder == preset.vocoder


def test_a_chain_of_code_becomes_a_preset(tmp_path) -> None:
    chain = vocolab.Chain(
        [vocolab.effect("eq", bands=[{"frequency_hz": 200.0, "gain_db": -2.0},
                                     {"kind": "highpass", "frequency_hz": 60.0}]),
         vocolab.effect("gain", gain_db=-3.0, mix=0.5), vocolab.effect("limiter", enabled=False)],
        output=vocolab.Output(sample_rate_hz=16_000, format="flac"),
        target=vocolab.Target(sample_peak_dbfs=-1.0, tolerance_lu=0.5),
    )
    chain.save(tmp_path / "mine.toml", summary='For "Jörg", \\ and tabs\t')
    again = vocolab.preset(tmp_path / "mine.toml")
    assert again.settings == chain.settings
    assert [effect.options for effect in again.effects] == [effect.options for effect in chain.effects]
    assert again.summary == 'For "Jörg", \\ and tabs\t'
    assert "summary = \"eq, gain, limiter\"" in chain.to_toml()


def test_a_vocoder_goes_with_its_preset(tmp_path) -> None:
    (tmp_path / "own.toml").write_text(
        'format = 1\nsummary = "x"\n[vocoder]\nuse = "griffinlim"\niterations = 3\nrefine = 2\n'
    )
    preset = vocolab.preset(tmp_path / "own.toml")
    preset.save(tmp_path / "again.toml")
    assert vocolab.preset(tmp_path / "again.toml").vocoder == preset.vocoder


def test_what_can_be_no_preset(tmp_path) -> None:
    class Own:
        name = "own"

        def __call__(self, audio: Audio) -> Audio:
            return audio

    with pytest.raises(CallError, match="own is of no installed plugin"):
        vocolab.Chain([Own()]).to_toml()
    with pytest.raises(CallError, match="is not one line of text"):
        vocolab.Chain().to_toml("two\nlines")
    with pytest.raises(CallError, match=r"a preset is a \.toml file"):
        vocolab.Chain().save(tmp_path / "mine.json")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("copied", [lambda preset: pickle.loads(pickle.dumps(preset)), copy.deepcopy, copy.copy])
def test_a_preset_can_be_copied_and_pickled(copied) -> None:
    preset = vocolab.preset("podcast")
    again = copied(preset)
    assert again.settings == preset.settings
    assert (again.name, again.summary) == (preset.name, preset.summary)


@pytest.mark.parametrize(
    ("kind", "one"),
    [("vocoders", "griffinlim"), ("voices", "harmonic-22k"), ("effects", "limiter"), ("presets", "podcast"),
     ("languages", "english"), ("models", "vocos"), ("conventions", "hifigan-22k")],
)
def test_what_is_installed(kind, one) -> None:
    found = vocolab.installed(kind)
    assert one in {name.rpartition("/")[2] for name in found}
    assert all(isinstance(summary, str) and summary for summary in found.values())


def test_there_is_nothing_of_another_kind() -> None:
    with pytest.raises(CallError, match="there are vocoders, voices"):
        vocolab.installed("plug-ins")


@pytest.mark.parametrize("form", [None, "flac", "ogg", "mp3", "opus"])
def test_audio_into_memory(form, tmp_path) -> None:
    audio = Audio.mono(TONE, 24_000)
    stream = io.BytesIO(b"before")
    stream.seek(0, io.SEEK_END)
    audio.save(stream, format=form)
    audio.save(tmp_path / f"a.{form or 'wav'}")
    assert stream.getvalue() == b"before" + (tmp_path / f"a.{form or 'wav'}").read_bytes()


def test_a_stream_gets_nothing_of_what_can_not_be_written() -> None:
    stream = io.BytesIO()
    with pytest.raises(CallError):
        Audio.mono(TONE, RATE).save(stream, format="opus")
    with pytest.raises(CallError):
        Audio.mono(TONE, RATE).save(stream, format="aac")
    assert stream.getvalue() == b""


def test_a_suffix_and_a_format_that_contradict_each_other(tmp_path) -> None:
    with pytest.raises(CallError, match="contradict each other"):
        Audio.mono(TONE, RATE).save(tmp_path / "a.wav", format="flac")


def test_whole_numbers_are_scaled() -> None:
    steps = np.array([[-(2**15), 0, 2**14]], np.int16)
    assert Audio(steps, RATE).samples.tolist() == [[-1.0, 0.0, 0.5]]


@pytest.mark.parametrize("axis", [1, -1])
def test_the_axis_of_the_channels_is_what_was_said(axis) -> None:
    samples = np.stack([TONE, -TONE], axis=1)
    assert Audio.from_array(samples, RATE, channel_axis=axis).samples.tolist() == samples.T.tolist()
    assert Audio.from_array(samples.T, RATE, channel_axis=0).channels == 2
    two = np.array([[1, 2], [3, 4]], np.float32) / 8
    assert Audio.from_array(two, RATE, channel_axis=1).samples.tolist() == two.T.tolist()


def test_an_axis_that_is_none() -> None:
    with pytest.raises(AudioError, match=r"Audio\.from_array\(samples, sample_rate, channel_axis=1\)"):
        Audio(np.stack([TONE, TONE], axis=1), RATE)
    with pytest.raises(AudioError, match="channel_axis = 2"):
        Audio.from_array(np.zeros((2, 2), np.float32), RATE, channel_axis=2)
    with pytest.raises(AudioError, match=r"there is Audio\.mono"):
        Audio.from_array(TONE, RATE, channel_axis=0)


def test_notebooks_get_a_player() -> None:
    shown = Audio(np.stack([TONE, TONE]), RATE)._repr_html_()
    data = re.search(r'src="data:audio/wav;base64,([^"]+)"', shown)
    samples, rate = soundfile.read(io.BytesIO(base64.b64decode(data.group(1))), dtype="float32")
    assert rate == RATE
    assert np.abs(samples.T - TONE).max() < 2**-14
    assert shown.count("<svg") == 2
    long = Audio.mono(np.zeros(4_000 * 400, np.float32), 4_000)._repr_html_()
    assert "<audio" not in long and "<svg" in long


def test_notebooks_get_a_picture_of_a_mel() -> None:
    spec = convention("hifigan-22k")
    shown = Mel(plausible_mel(spec, 3_000, np.random.default_rng(1)), spec)._repr_html_()
    png = base64.b64decode(re.search(r'src="data:image/png;base64,([^"]+)"', shown).group(1))
    assert png.startswith(b"\x89PNG")
    width, height = (int.from_bytes(png[at : at + 4], "big") for at in (16, 20))
    assert (width, height) == (1000, 160)
    start = png.index(b"IDAT") + 4
    pixels = zlib.decompress(png[start : start + int.from_bytes(png[start - 8 : start - 4], "big")])
    assert len(pixels) == height * (1 + 3 * width)
    assert "integrated_lufs" in vocolab.measure(Audio.mono(TONE, RATE))._repr_html_()


@pytest.mark.parametrize("call", [lambda renderer, mel: renderer(mel), vocolab.render],
                         ids=["renderer", "vocolab.render"])
def test_many_arrays_are_not_many_warnings(caplog, call) -> None:
    spec = convention("hifigan-22k")
    mel = plausible_mel(spec, 8, np.random.default_rng(1))
    renderer = vocolab.vocoder("griffinlim", iterations=1)
    with caplog.at_level(logging.WARNING, "vocolab"):
        for _ in range(200):
            call(mel, renderer) if call is vocolab.render else call(renderer, mel)
    assert len([record for record in caplog.records if "no convention stated" in record.message]) == 1
