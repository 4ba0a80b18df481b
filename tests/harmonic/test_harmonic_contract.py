"""The promises of every vocoder, at both rates, and the sizes."""

from __future__ import annotations

import pytest
from harmonic_fakes import SMALL, small_voice

from vocolab.mels.conventions import convention
from vocolab.testing import VocoderContract
from vocolab_harmonic.config import HarmonicConfig
from vocolab_harmonic.network import HarmonicGenerator
from vocolab_harmonic.plugin import vocolab_vocoders
from vocolab_harmonic.sizes import sizes


class TestHarmonic(VocoderContract):
    spec = next(iter(vocolab_vocoders()))
    voice = small_voice()


class TestHarmonicShifted(TestHarmonic):
    options = {"pitch_semitones": 3.0}  # noqa: RUF012


class TestHarmonicAt48k(TestHarmonic):
    voice = small_voice(convention("studio-48k"))


@pytest.mark.parametrize("name", ["hifigan-22k", "studio-48k"])
@pytest.mark.parametrize("config", [{}, SMALL])
def test_the_parameters_are_those_of_the_network(name: str, config: dict[str, int]) -> None:
    spec = convention(name)
    network = HarmonicGenerator(HarmonicConfig(**config), spec)
    assert sizes(config, spec).parameters == sum(parameter.numel() for parameter in network.parameters())


def test_a_sample_depends_on_the_frames_that_the_sizes_say() -> None:
    """With F0 given, one frame of the mel moves samples within the synthesis' reach and no others."""
    import numpy as np
    from harmonic_fakes import small, some_mel

    from vocolab_harmonic.sizes import synthesis_context_frames

    vocoder, mel = small(), some_mel(120)
    f0 = np.full(120, 150, np.float32)
    changed = mel.copy()
    changed[:, 60] += 1
    moved = np.abs(vocoder.render(changed, f0_hz=f0) - vocoder.render(mel, f0_hz=f0)).reshape(120, -1).max(axis=1)
    reached = np.flatnonzero(moved > 0)
    reach = synthesis_context_frames(vocoder.network.config, vocoder.mel_spec)
    assert 60 - reach <= reached[0] and reached[-1] <= 60 + reach
    assert reached[0] <= 60 - reach + 8 and reached[-1] >= 60 + reach - 8
