"""Spectra of a stream and back: what torch's transforms of the whole give, however it is cut."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from vocolab.mels.conventions import convention
from vocolab.mels.filters import analysis_window
from vocolab.mels.spec import MelSpec
from vocolab.networks.istft import InverseSTFT
from vocolab.spectral.streaming import AnalysisStream, SynthesisStream

FRAMES = 24
SPECS = [convention(name) for name in ("hifigan-22k", "vocos-24k")]
"""Frames in the middle of hops, and on their edges."""


def spectra_of(spec: MelSpec, samples: np.ndarray, cuts: list[int]) -> np.ndarray:
    stream = AnalysisStream(spec)
    return np.concatenate([*(stream.push(part) for part in np.split(samples, cuts)),
                           stream.push(samples[:0], last=True)])


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.padding)
@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_what_is_analysed_and_added_up_is_the_signal(spec: MelSpec, data: st.DataObject) -> None:
    length = FRAMES * spec.hop_samples
    samples = np.random.default_rng(0).standard_normal(length).astype(np.float32)
    cuts = sorted(data.draw(st.lists(st.integers(0, length), max_size=5)))
    spectra = spectra_of(spec, samples, cuts)
    assert spectra.shape == (FRAMES, spec.n_fft // 2 + 1)
    places = sorted(data.draw(st.lists(st.integers(0, FRAMES), max_size=5)))
    stream = SynthesisStream(spec)
    audio = np.concatenate([*(stream.push(part) for part in np.split(spectra, places)),
                            stream.push(spectra[:0], last=True)])
    assert audio.size == length
    edge = spec.n_fft  # beyond the last frames there is nothing to add up
    np.testing.assert_allclose(audio[: length - edge], samples[: length - edge], atol=1e-5)


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.padding)
def test_spectra_add_up_as_torch_adds_them_up(spec: MelSpec) -> None:
    random = np.random.default_rng(1)
    shape = FRAMES, spec.n_fft // 2 + 1
    spectra = (random.standard_normal(shape) + 1j * random.standard_normal(shape)).astype(np.complex64)
    istft = InverseSTFT(spec.n_fft, spec.hop_samples, spec.padding, analysis_window(spec))
    wanted = istft(torch.from_numpy(spectra.T.copy())[None])[0].numpy()
    stream = SynthesisStream(spec)
    found = np.concatenate([stream.push(spectra), stream.push(spectra[:0], last=True)])
    np.testing.assert_allclose(found, wanted, atol=2e-4 * np.abs(wanted).max())


def test_no_samples_have_no_spectra() -> None:
    stream = AnalysisStream(SPECS[0])
    assert stream.push(np.zeros(0, np.float32)).shape == (0, SPECS[0].n_fft // 2 + 1)
