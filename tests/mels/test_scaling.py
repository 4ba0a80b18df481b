"""One formula from filters to values: for NumPy and torch, whole or in parts, there and back."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from any_spec import any_spec
from hypothesis import given, settings
from hypothesis import strategies as st

from vocolab.audio import Audio
from vocolab.mels.conventions import convention
from vocolab.mels.convert import compare, convert
from vocolab.mels.extract import extract
from vocolab.mels.mel import Mel
from vocolab.mels.scaling import compress, finish, logarithms, natural_log
from vocolab.mels.spec import MelSpec
from vocolab.training.spectra import LogMel


def outputs(spec: MelSpec, seed: int, frames: int = 9) -> np.ndarray:
    """What filters give of loud and quiet audio, and of silence."""
    random = np.random.default_rng(seed)
    values = np.exp(random.uniform(-25.0, 4.0, (spec.n_mels, frames)))
    values[:, 0] = 0.0
    return values.astype(np.float32)


@settings(max_examples=150)
@given(any_spec(), st.integers(0, 10))
def test_torch_and_numpy_have_one_formula(spec: MelSpec, seed: int) -> None:
    bands = outputs(spec, seed)
    wanted = compress(bands, spec)
    given_ = compress(torch.from_numpy(bands), spec).numpy()
    assert wanted.dtype == given_.dtype == np.float32
    np.testing.assert_allclose(given_, wanted, rtol=2e-5, atol=2e-4)


@settings(max_examples=100)
@given(any_spec(), st.integers(0, 10))
def test_values_are_those_of_the_docstring(spec: MelSpec, seed: int) -> None:
    x = np.maximum(outputs(spec, seed).astype(np.float64), spec.clamp)
    levels = {"e": np.log, "10": np.log10, "none": np.asarray}[spec.log_base](x)
    if spec.dynamic_range_db is not None:
        least = x.max() * 10 ** (-spec.dynamic_range_db * spec.power / 20)
        levels = np.maximum(levels, {"e": np.log, "10": np.log10, "none": np.asarray}[spec.log_base](least))
    y = spec.log_gain * levels + spec.log_offset
    if spec.clip:
        y = np.clip(y, *spec.clip)
    mean, scale = np.array(spec.mean or 0.0), np.array(spec.scale or 1.0)
    wanted = ((y.T - mean) / scale).T
    np.testing.assert_allclose(compress(outputs(spec, seed), spec), wanted, rtol=1e-5, atol=1e-4)


@given(any_spec(), st.integers(0, 10))
def test_a_batch_is_its_mels(spec: MelSpec, seed: int) -> None:
    """The loudest is that of each mel, not of the batch."""
    bands = np.stack([outputs(spec, seed), outputs(spec, seed + 1)])
    batch = compress(torch.from_numpy(bands), spec)
    for number in range(2):
        torch.testing.assert_close(batch[number], compress(torch.from_numpy(bands[number]), spec))


@given(any_spec(), st.integers(0, 10), st.integers(1, 8))
def test_logarithms_may_be_taken_in_parts(spec: MelSpec, seed: int, cut: int) -> None:
    bands = outputs(spec, seed)
    parts = np.concatenate([logarithms(bands[:, :cut], spec), logarithms(bands[:, cut:], spec)], axis=1)
    np.testing.assert_array_equal(finish(parts, spec), compress(bands, spec))


@settings(max_examples=100)
@given(any_spec(), st.integers(0, 10))
def test_the_way_back_leads_to_where_values_were_not_limited(spec: MelSpec, seed: int) -> None:
    spec = replace(spec, clip=None, dynamic_range_db=None, log_offset=0.0)
    bands = np.maximum(outputs(spec, seed), max(spec.clamp, 1e-6)).astype(np.float64)
    np.testing.assert_allclose(natural_log(compress(bands, spec), spec), np.log(bands), atol=1e-6)


@settings(max_examples=25)
@given(any_spec())
def test_training_and_extraction_make_one_mel(spec: MelSpec) -> None:
    """Of audio that is cut by what the convention pads in front, frame by frame as far as no padding reaches."""
    spec = replace(spec, clamp=1e-3, dynamic_range_db=None)
    hop = spec.hop_samples
    first = -(-spec.front_samples // hop)  # the padding reaches into those before
    frames = first + 4
    random = np.random.default_rng(0)
    audio = random.normal(0, 0.3, (frames - 1) * hop + spec.n_fft).astype(np.float32)
    trained = LogMel(spec)(torch.from_numpy(audio)[None])[0].numpy()
    whole = extract(Audio.mono(audio[spec.front_samples :], spec.sample_rate), spec).values
    inside = slice(first, min(frames, whole.shape[1]))
    np.testing.assert_allclose(trained[:, inside], whole[:, inside], rtol=1e-3, atol=2e-2)


def test_a_mean_without_a_scale_is_subtracted_in_training_too() -> None:
    spec = replace(convention("hifigan-22k"), mean=5.0)
    audio = torch.randn(1, spec.n_fft + 3 * spec.hop_samples, generator=torch.Generator().manual_seed(0)) * 0.1
    bare = LogMel(spec.without_statistics())(audio)
    torch.testing.assert_close(LogMel(spec)(audio), bare - 5.0)


def test_whispers_dynamic_range_is_of_the_whole_mel() -> None:
    spec = convention("whisper-16k")
    bands = np.full((80, 4), 1e-9, dtype=np.float32)
    bands[3, 2] = 10.0
    values = compress(bands, spec)
    # log10(10) = 1; 8 under it is -7; (1 + 4) / 4 and (-7 + 4) / 4.
    assert values[3, 2] == pytest.approx(1.25)
    assert np.delete(values.ravel(), 3 * 4 + 2) == pytest.approx(-0.75)


def test_what_whispers_mels_lose_is_said_and_nothing_else_is_lost() -> None:
    spec = convention("whisper-16k")
    plain = replace(spec, dynamic_range_db=None, log_gain=1.0, log_offset=0.0)
    loud = np.exp(np.random.default_rng(0).uniform(-10.0, 5.0, (80, 30))).astype(np.float32)  # within 80 dB
    back = convert(Mel(compress(loud, spec), spec), plain)
    np.testing.assert_allclose(back.values, np.log10(loud), atol=1e-5)
    assert "more than 80 dB under the loudest" in compare(spec, plain).loss
    assert "not kept" in compare(spec, plain).loss
    assert "raised" in compare(plain, spec).loss


def test_a_linear_mel_is_converted_to_a_logarithm_and_back() -> None:
    linear = convention("torchaudio-16k")
    logarithmic = replace(linear, log_base="e", clamp=1e-10)
    power = outputs(linear, 3)
    there = convert(Mel(power, linear), logarithmic)
    np.testing.assert_allclose(there.values, np.log(np.maximum(power, 1e-10)), atol=1e-5)
    np.testing.assert_allclose(convert(there, linear).values, np.maximum(power, 1e-10), rtol=1e-5)
