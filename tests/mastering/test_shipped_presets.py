"""The shipped presets meet what they name, also after the writer's quantisation."""

from __future__ import annotations

import numpy as np
import pytest
from speech_like import speech_like

import vocolab
from vocolab.audio import Audio
from vocolab.loudness import measure

TOLERANCE_LU = 0.1
CEILINGS_DBTP = {"broadcast": -1.0, "podcast": -1.0, "audiobook": -3.0}
LOUDNESS_LUFS = {("broadcast", 1): -23.0, ("broadcast", 2): -23.0, ("podcast", 1): -19.0, ("podcast", 2): -16.0}
ACX_RMS_DB = (-23.0, -18.0)


def written(name: str, audio: Audio, folder) -> Audio:
    preset = vocolab.preset(name)
    file = folder / "out.wav"
    preset(audio).save(file, bit_depth=preset.output.bit_depth)
    return Audio.load(file)


@pytest.mark.parametrize("name", CEILINGS_DBTP)
@pytest.mark.parametrize("rate", [22_050, 48_000])
@pytest.mark.parametrize("channels", [1, 2])
def test_targets_on_what_sounds_like_speech(name, rate, channels, tmp_path):
    result = written(name, speech_like(5, rate, channels=channels), tmp_path)
    read = measure(result)
    assert all(line.passed for line in vocolab.preset(name).check(read))
    assert read.true_peak_dbtp <= CEILINGS_DBTP[name]
    if name == "audiobook":
        assert result.sample_rate == 44_100
    else:
        assert result.sample_rate == 48_000
        assert read.integrated_lufs == pytest.approx(LOUDNESS_LUFS[name, channels], abs=TOLERANCE_LU)


def test_none_changes_nothing():
    audio = speech_like(1, 22_050)
    assert vocolab.preset("none")(audio) is audio


def recordings(shared, count: int) -> list:
    files = (
        sorted(shared.glob("data/ljspeech/*.flac"))[:count] + sorted(shared.glob("data/kathleen/flac/*.flac"))[:count]
    )
    return files or pytest.skip("no recordings in ../shared")


@pytest.mark.slow
@pytest.mark.parametrize("name", CEILINGS_DBTP)
def test_targets_on_recordings(name, shared, tmp_path):
    for file in recordings(shared, 4):
        result = written(name, Audio.load(file), tmp_path)
        read = measure(result)
        assert all(line.passed for line in vocolab.preset(name).check(read)), file.name
        assert read.true_peak_dbtp <= CEILINGS_DBTP[name]
        if name == "audiobook":
            rms_db = 10 * np.log10(np.mean(result.samples.astype(np.float64) ** 2))
            assert ACX_RMS_DB[0] <= rms_db <= ACX_RMS_DB[1]
