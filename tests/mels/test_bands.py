"""Where a mel's bands stand is told by harmonics; what is as it should be, and what is no voice, is let through."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sounds import babble, tone

from vocolab.audio import Audio
from vocolab.errors import MelMismatch
from vocolab.mels.bands import better_bands
from vocolab.mels.blocks import MelBlocks
from vocolab.mels.conventions import convention, conventions
from vocolab.mels.extract import extract
from vocolab.mels.mel import Mel
from vocolab.mels.reader import accept_mel, read_mel

HIFIGAN = convention("hifigan-22k")
BIGVGAN = convention("bigvgan-22k")
HTK = replace(HIFIGAN, mel_scale="htk")
VOICE = babble(22_050, 4.0)


def mel_of(spec, samples=None):
    audio = VOICE if samples is None else Audio.mono(samples, spec.sample_rate)
    return extract(audio, spec).values


OTHERS = {
    "htk": (mel_of(HTK), "bands of 0 to 8000 Hz on the htk scale", ["mel_scale"]),
    "fmax": (mel_of(BIGVGAN), "bands of 0 to 11025 Hz on the slaney scale", ["fmax_hz"]),
    "both": (mel_of(replace(BIGVGAN, mel_scale="htk")), "11025 Hz on the htk scale", ["mel_scale", "fmax_hz"]),
    "reversed": (mel_of(HIFIGAN)[::-1], "the bands in reverse order", []),
}


@pytest.mark.parametrize("kind", OTHERS)
@pytest.mark.parametrize("stated", [None, HIFIGAN])
def test_other_bands_are_refused(kind, stated):
    values, said, fields = OTHERS[kind]
    with pytest.raises(MelMismatch, match=said) as caught:
        accept_mel(values, HIFIGAN, stated)
    assert kind == "fmax" or list(caught.value.fields) == fields  # a convention that fits is told with all its fields
    assert "fmax_hz" in caught.value.fields or kind != "fmax"
    _, notes = accept_mel(values, HIFIGAN, HIFIGAN, force=True)
    assert any(said in note for note in notes)


@pytest.mark.parametrize("kind", OTHERS)
def test_a_file_that_states_other_bands_than_it_has_is_refused(kind, tmp_path: Path):
    values, said, _ = OTHERS[kind]
    Mel(values, HIFIGAN).save(tmp_path / "mel.safetensors")
    with pytest.raises(MelMismatch, match=said):
        read_mel(tmp_path / "mel.safetensors", HIFIGAN)
    with pytest.raises(MelMismatch, match=said):
        Mel.load(tmp_path / "mel.safetensors")
    assert Mel.load(tmp_path / "mel.safetensors", force=True).frames == values.shape[1]


def test_the_conventions_that_have_such_bands_are_named():
    with pytest.raises(MelMismatch, match="fit bigvgan-22k"):
        accept_mel(OTHERS["fmax"][0], HIFIGAN, HIFIGAN)


@pytest.mark.parametrize("block", [lambda values: values, lambda values: Mel(values, HIFIGAN)], ids=["array", "Mel"])
def test_a_stream_is_refused_once_its_voice_tells(block):
    values = OTHERS["htk"][0]
    blocks = MelBlocks(HIFIGAN, lambda note: None)
    with pytest.raises(MelMismatch, match="htk scale"):
        for start in range(0, values.shape[1], 40):
            blocks.accept(block(values[:, start : start + 40]))
    forced = MelBlocks(HIFIGAN, lambda note: None, HIFIGAN, force=True)
    for start in range(0, values.shape[1], 40):
        forced.accept(values[:, start : start + 40])


@pytest.mark.parametrize("name", [known.name for known in conventions() if not known.same_as])
def test_a_voice_in_its_own_convention_is_let_through(name):
    spec = convention(name)
    for seconds in (0.7, 4.0):
        values = extract(babble(spec.sample_rate, seconds), spec).values
        assert better_bands(values, spec) is None
        assert better_bands(values.astype(np.float16).astype(np.float32), spec) is None


def sounds():
    t = np.arange(3 * 22_050) / 22_050
    noise = np.random.default_rng(0).standard_normal(t.size)
    glide = 2 * np.pi * np.cumsum(180 + 40 * np.sin(2 * np.pi * 0.8 * t)) / 22_050
    voice = VOICE.samples[0][: t.size]
    held = 2 * np.pi * np.cumsum(np.repeat([220.0, 262.0, 330.0], t.size // 3)) / 22_050
    return {
        "noise": noise, "tone": tone(440, 22_050, 3.0).samples[0], "clarinet": sum(np.sin(k * glide) / k for k in
                                                                                   range(1, 24, 2)),
        "whistle": np.sin(8 * glide), "ring modulation": voice * np.sin(2 * np.pi * 70 * t),
        "stretched": sum(np.sin(k * np.sqrt(1 + 4e-3 * k * k) * held) / k for k in range(1, 12)),
        "bell": sum(np.sin(ratio * held) for ratio in (0.5, 1, 1.19, 1.5, 2, 2.5, 3, 4.2, 5.4)),
        "frequency modulation": np.sin(held + 3 * np.sin(1.41 * held)),
        "two voices": voice + voice[::-1], "telephone": np.convolve(voice, np.sinc(np.arange(-40, 41) * 0.3), "same"),
        "clipped": np.clip(40 * voice, -1, 1), "noisy": voice + 0.1 * noise,
    }


@pytest.mark.parametrize("sound", sounds())
def test_what_has_no_harmonics_or_others_is_not_refused_for_it(sound):
    samples = sounds()[sound]
    samples = 0.3 * samples / np.abs(samples).max() + 1e-4 * np.random.default_rng(1).standard_normal(samples.size)
    found = better_bands(mel_of(HIFIGAN, samples), HIFIGAN)
    assert found is None or not found.is_certain


def test_too_few_frames_tell_nothing():
    assert better_bands(OTHERS["htk"][0][:, :30], HIFIGAN) is None


def test_a_smooth_prediction_tells_it_too():
    values = OTHERS["htk"][0]
    smooth = (values[:, :-2] + values[:, 1:-1] + values[:, 2:]) / 3
    assert better_bands(smooth, HIFIGAN).is_certain
    right = mel_of(HIFIGAN)
    assert better_bands((right[:, :-2] + right[:, 1:-1] + right[:, 2:]) / 3, HIFIGAN) is None
