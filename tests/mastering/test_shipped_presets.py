"""The shipped presets meet what they name, also after the writer's quantisation."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
import soxr
from speech_like import speech_like

import vocolab
from vocolab.audio import Audio
from vocolab.catalog import Catalog
from vocolab.loudness import measure
from vocolab.plugins.host import PluginHost

TOLERANCE_LU = 0.1


@dataclass(frozen=True)
class Delivery:
    """What a standard or a platform asks for; written here again, and not taken from the preset."""

    mono_lufs: float | None
    stereo_lufs: float | None
    ceiling_dbtp: float
    rate: int | None = 48_000
    channels: int | None = None
    rms_dbfs: tuple[float, float] | None = None


DELIVERIES = {
    "broadcast": Delivery(-23.0, -23.0, -1.0),
    "broadcast-us": Delivery(-24.0, -24.0, -2.0),
    "podcast": Delivery(-19.0, -16.0, -1.0),
    "podcast-mono": Delivery(-19.0, None, -1.0, channels=1),
    "audiobook": Delivery(None, None, -3.0, rate=44_100, rms_dbfs=(-23.0, -18.0)),
    "streaming": Delivery(-14.0, -14.0, -1.0),
    "voice-clean": Delivery(-18.0, -18.0, -1.0, rate=None),
    "studio": Delivery(None, -16.0, -0.3, channels=2),
    "telephone": Delivery(-26.0, None, -3.0, rate=8_000, channels=1),
}


def held(name: str, audio: Audio, folder) -> None:
    """Master, write, read again, and hold the file to what was asked for."""
    wanted = DELIVERIES[name]
    preset = vocolab.preset(name)
    file = folder / "out.wav"
    preset(audio).save(file, bit_depth=preset.output.bit_depth or 24)
    result = Audio.load(file)
    read = measure(result)
    assert result.sample_rate == (wanted.rate or audio.sample_rate)
    assert result.channels == (wanted.channels or audio.channels)
    assert read.true_peak_dbtp <= wanted.ceiling_dbtp
    lufs = wanted.mono_lufs if result.channels == 1 else wanted.stereo_lufs
    if lufs is not None:
        assert read.integrated_lufs == pytest.approx(lufs, abs=TOLERANCE_LU)
    if wanted.rms_dbfs is not None:
        assert wanted.rms_dbfs[0] <= read.rms_dbfs <= wanted.rms_dbfs[1]
    assert all(line.passed for line in preset.check(read)), preset.check(read)


def test_every_shipped_preset_is_held_to_its_numbers():
    others = {"none", "linear", "loudness", "peak", "restore-speech"}  # these aim at no figure of their own
    assert {*DELIVERIES, *others} == set(Catalog(PluginHost(allow=frozenset())).presets.names())


@pytest.mark.parametrize("name", DELIVERIES)
@pytest.mark.parametrize(("rate", "channels"), [(22_050, 1), (48_000, 2)])
def test_targets_on_what_sounds_like_speech(name, rate, channels, tmp_path):
    held(name, speech_like(4, rate, channels=channels), tmp_path)


@pytest.mark.parametrize("name", DELIVERIES)
def test_silence_is_not_boosted(name):
    assert not vocolab.preset(name)(Audio(np.zeros((1, 44_100), np.float32), 44_100)).samples.any()


def test_none_changes_nothing():
    audio = speech_like(1, 22_050)
    assert vocolab.preset("none")(audio) is audio


def recordings(shared) -> list[Audio]:
    """Twelve recordings of two readers, at three rates, in mono and in stereo whose channels differ."""
    files = sorted(shared.glob("data/ljspeech/*.flac"))[:6] + sorted(shared.glob("data/kathleen/flac/*.flac"))[:6]
    return [_varied(Audio.load(file), index) for index, file in enumerate(files)]


def _varied(recording: Audio, index: int) -> Audio:
    rate = (22_050, 44_100, 48_000)[index % 3]
    mono = soxr.resample(recording.samples[0], recording.sample_rate, rate)
    return Audio(np.stack([mono, 0.7 * np.roll(mono, 9)]) if index % 2 else mono[None], rate)


@pytest.mark.slow
@pytest.mark.parametrize("name", DELIVERIES)
def test_targets_on_recordings(name, shared, tmp_path):
    for recording in recordings(shared) or pytest.skip("no recordings in ../shared"):
        held(name, recording, tmp_path)
