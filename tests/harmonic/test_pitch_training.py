"""The pitch network of a voice can be taught by another tracker, and nothing else of the voice changes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from harmonic_fakes import SMALL, SPEC, small_voice

from vocolab.training.corpus import Clip, Corpus
from vocolab.training.tasks.task import SegmentBatch
from vocolab_harmonic.network import HarmonicGenerator
from vocolab_harmonic.pitch_training import SEGMENT_FRAMES, STEP_S, heard, labels, taught
from vocolab_harmonic.training import TrainableHarmonic, build

SECONDS = 1.5


def hum(name: str, f0_hz: float) -> Clip:
    """Six harmonics of a steady pitch."""
    time_s = np.arange(round(SECONDS * SPEC.sample_rate)) / SPEC.sample_rate
    tones = sum(np.sin(2 * np.pi * f0_hz * k * time_s) / k for k in range(1, 7))
    return Clip.of(name, (0.2 * tones).astype(np.float32), SPEC.sample_rate)


def known(f0_hz: float) -> np.ndarray:
    return np.full(round(SECONDS / STEP_S), f0_hz, dtype=np.float32)


def test_a_clip_that_is_played_faster_is_higher_and_shorter() -> None:
    usual, fast = (heard(hum("a", 150.0), known(150.0), SPEC, rate) for rate in (1.0, 1.25))
    assert fast.f0_hz.size == pytest.approx(usual.f0_hz.size / 1.25, abs=1)
    assert np.allclose(usual.f0_hz, 150.0) and np.allclose(fast.f0_hz, 187.5)


def test_the_onset_of_voice_stays_where_it_is() -> None:
    clip, f0 = hum("a", 150.0), known(150.0)
    f0[: f0.size // 2] = 0
    example = heard(clip, f0, SPEC, 0.8)
    middle_s = 0.5 * SECONDS / 0.8
    assert np.argmax(example.f0_hz > 0) == pytest.approx(middle_s * SPEC.frame_rate_hz, abs=1)


def test_teaching_changes_the_pitch_network_alone(tmp_path: Path) -> None:
    corpus = Corpus([hum("a", 120.0), hum("b", 180.0)], [hum("c", 150.0)], [])
    kept = tmp_path / "f0.npz"
    np.savez(kept, a=known(120.0), b=known(180.0), c=known(150.0))
    voice = small_voice()
    made = taught(voice, corpus, kept, steps=3, learning_rate=1e-3, seed=0)
    changed = {name for name, values in voice.float32().items() if not np.array_equal(values, made.tensors[name])}
    assert changed and all(name.startswith("pitch.") for name in changed)
    assert made.provenance["pitch_taught"]["steps"] == 3
    assert hum("a", 120.0).samples.size // SPEC.hop_samples >= SEGMENT_FRAMES


def test_what_is_kept_is_not_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def read(clip: Clip) -> np.ndarray:
        asked.append(clip.name)
        return known(100.0)

    monkeypatch.setattr("vocolab_harmonic.pitch_training.harvest", read)
    kept = tmp_path / "f0.npz"
    labels([hum("a", 120.0)], kept)
    found = labels([hum("a", 120.0), hum("b", 180.0)], kept)
    assert asked == ["a", "b"] and set(found) == {"a", "b"}


def trainable(**objective: object) -> TrainableHarmonic:
    return build({**SMALL, "objective": objective}, SPEC)


def batch() -> SegmentBatch:
    random = torch.Generator().manual_seed(3)
    mel = torch.randn(2, SPEC.n_mels, 40, generator=random) - 5
    audio = 0.1 * torch.randn(2, 40 * SPEC.hop_samples, generator=random)
    return SegmentBatch(random=random, mel=mel, audio=audio)


def test_with_f0_of_the_mel_the_pitch_network_stays() -> None:
    model = trainable(f0="mel")
    loss, parts = model.loss(model.network, batch())
    loss.backward()
    assert isinstance(model.network, HarmonicGenerator)
    assert "pitch" not in parts
    assert all(parameter.grad is None for parameter in model.network.pitch.parameters())
    assert model.network.out.weight.grad is not None


@pytest.mark.parametrize(("share", "other"), [(0.0, 0), (1.0, 2)])
def test_a_share_of_the_steps_goes_through_band_gains(share: float, other: int) -> None:
    torch.manual_seed(0)
    partly, always = trainable(f0="mel", band_gains=2, band_gains_share=share), trainable(f0="mel", band_gains=other)
    always.network.load_state_dict(partly.network.state_dict())
    assert partly.loss(partly.network, batch())[0].item() == pytest.approx(
        always.loss(always.network, batch())[0].item(), rel=0.05
    )
