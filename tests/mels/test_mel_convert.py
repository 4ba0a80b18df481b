from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sounds import babble

from vocolab.errors import MelMismatch
from vocolab.mels.conventions import convention, convention_names
from vocolab.mels.convert import FIXED, compare, convert
from vocolab.mels.extract import extract
from vocolab.mels.spec import MelSpec

HIFIGAN = convention("hifigan-22k")
# float32 logarithms of one amplitude, taken in two ways.
EXACT = 2e-4

CHANGES: dict[str, dict[str, object]] = {
    "log10": {"log_base": "10"},
    "decibels": {"log_base": "10", "log_gain": 20.0, "log_offset": -20.0},
    "norm": {"filter_norm": "none"},
    "spectrum": {"spectrum_scale": "window"},
    "statistics": {"mean": tuple(np.linspace(-4, -7, 80)), "scale": tuple(np.linspace(1, 2, 80))},
}


def audible(values: np.ndarray, spec: MelSpec) -> np.ndarray:
    """Where a value stands well above the clamp of any of the conventions."""
    return np.asarray(values > spec.silence + 6.0)


@pytest.mark.parametrize("change", CHANGES)
def test_converted_is_what_extraction_gives(change: str) -> None:
    other = replace(HIFIGAN, **CHANGES[change])
    audio = babble(22_050)
    mel = extract(audio, HIFIGAN)
    converted = convert(mel, other)
    loud = audible(mel.values, HIFIGAN)
    unit = other.log_gain
    np.testing.assert_allclose(converted.values[loud], extract(audio, other).values[loud], atol=EXACT * unit)
    assert converted.spec == other and compare(HIFIGAN, other).outcome == "convertible"
    back = convert(converted, HIFIGAN)
    np.testing.assert_allclose(back.values[loud], mel.values[loud], atol=EXACT)


@settings(max_examples=50, deadline=None)
@given(st.sets(st.sampled_from(sorted(CHANGES)), min_size=1), st.integers(0, 99))
def test_there_and_back_is_the_same(changes: set[str], seed: int) -> None:
    other = replace(HIFIGAN, **{name: value for change in changes for name, value in CHANGES[change].items()})
    mel = extract(babble(22_050, 0.2, seed), HIFIGAN)
    back = convert(convert(mel, other), HIFIGAN)
    loud = audible(mel.values, HIFIGAN)
    np.testing.assert_allclose(back.values[loud], mel.values[loud], atol=EXACT)


def test_diffwaves_decibels_and_amplitude() -> None:
    diffwave = convention("diffwave-22k")
    audio = babble(22_050)
    plain = replace(diffwave, log_base="e", log_gain=1.0, log_offset=0.0, clip=None, spectrum_scale="none",
                    filter_norm="slaney")
    mel = extract(audio, diffwave)
    converted = convert(mel, plain)
    inside = (mel.values > 0.02) & (mel.values < 1)
    wanted = extract(audio, plain).values
    np.testing.assert_allclose(converted.values[inside], wanted[inside], atol=2e-3)
    assert "stay there" in compare(diffwave, plain).loss
    assert "are raised to it" in compare(plain, diffwave).loss
    back = convert(convert(mel, plain), diffwave)
    np.testing.assert_allclose(back.values, mel.values, atol=1e-4)


def test_a_higher_clamp_is_a_stated_loss() -> None:
    deep = replace(HIFIGAN, clamp=1e-7)
    comparison = compare(deep, HIFIGAN)
    assert comparison.fields == ("clamp",) and "below -100.0 dB are raised" in comparison.loss
    mel = extract(babble(22_050), deep)
    np.testing.assert_allclose(convert(mel, HIFIGAN).values, np.maximum(mel.values, np.log(1e-5)), atol=1e-5)
    assert "were not kept" in compare(HIFIGAN, deep).loss


def test_exact_conversions_state_no_loss() -> None:
    for change in ("log10", "decibels", "statistics"):
        assert compare(HIFIGAN, replace(HIFIGAN, **CHANGES[change])).loss == ""


def test_padding_shifts_by_half_a_hop_and_says_so() -> None:
    tacotron = convention("tacotron2-22k")
    comparison = compare(tacotron, HIFIGAN)
    assert comparison.fields == ("padding", "magnitude_eps")
    assert "half a hop (128 samples) later" in comparison.loss
    assert "earlier" in compare(HIFIGAN, tacotron).loss
    mel = extract(babble(22_050), tacotron)
    converted = convert(mel, HIFIGAN)
    assert converted.frames == mel.frames
    np.testing.assert_allclose(converted.values, mel.values, atol=1e-5)
    # The frames of both, half a hop apart, interleave: each lies near its neighbours.
    assert extract(babble(22_050), HIFIGAN).frames == mel.frames - 1


def test_a_symmetric_window_is_within_a_hundredth() -> None:
    nemo = convention("nemo-22k")
    assert "0.01" in compare(nemo, HIFIGAN).loss
    audio = babble(22_050)
    mel = extract(audio, nemo)
    loud = audible(mel.values, nemo)
    difference = np.abs(convert(mel, HIFIGAN).values - extract(audio, HIFIGAN).values)[loud]
    assert 0 < np.quantile(difference, 0.99) <= 0.01


@pytest.mark.parametrize(
    ("field", "value"),
    [("sample_rate", 24_000), ("n_fft", 2048), ("win_samples", 800), ("hop_samples", 200), ("n_mels", 100),
     ("fmin_hz", 20), ("fmax_hz", 11_025), ("mel_scale", "htk"), ("power", 2.0)],
)
def test_what_cannot_be_converted_is_named(field: str, value: object) -> None:
    other = replace(HIFIGAN, **{field: value}, log_base="10")
    comparison = compare(HIFIGAN, other)
    assert comparison.outcome == "incompatible" and comparison.fields == (field,) and field in FIXED
    with pytest.raises(MelMismatch, match=f"{field} .* instead of") as error:
        convert(extract(babble(22_050, 0.1), HIFIGAN), other)
    assert error.value.fields == [field]


@pytest.mark.parametrize("name", convention_names())
def test_a_convention_is_the_same_as_itself(name: str) -> None:
    spec = convention(name)
    assert compare(spec, MelSpec.from_dict(spec.to_dict())).outcome == "same"
    mean_zero = replace(spec, mean=(0.0,) * spec.n_mels, scale=(1.0,) * spec.n_mels)
    assert compare(spec, mean_zero).outcome == "same"
