from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from vocolab.errors import OptionError, UnknownName
from vocolab.mels.conventions import (
    convention,
    convention_name,
    convention_names,
    conventions,
    nearest_convention,
    spelled,
)
from vocolab.mels.filters import mel_filters
from vocolab.mels.spec import MelSpec

# The value of digital silence, as the published code gives it.
SILENCE = {
    "hifigan-22k": -11.513, "tacotron2-22k": -11.513, "bigvgan-24k": -11.513, "nemo-22k": -11.513, "melgan-22k": -5.0,
    "diffwave-22k": 0.0, "vocos-24k": -16.118, "pwg-22k": -10.0, "speecht5-16k": -10.0, "studio-48k": -11.513,
}


@pytest.mark.parametrize(("name", "silence"), SILENCE.items())
def test_silence_is_what_the_published_code_gives(name: str, silence: float) -> None:
    assert convention(name).silence == pytest.approx(silence, abs=1e-3)


@pytest.mark.parametrize("name", convention_names())
def test_every_convention_is_whole(name: str) -> None:
    spec = convention(name)
    assert MelSpec.from_dict(spec.to_dict()) == spec
    assert convention(convention_name(spec) or "") == spec
    filters = mel_filters(spec)
    assert filters.shape == (spec.n_mels, spec.n_fft // 2 + 1)
    reached_hz = np.flatnonzero(filters.any(axis=0)) * spec.sample_rate / spec.n_fft
    assert reached_hz[0] >= spec.fmin_hz and reached_hz[-1] <= spec.fmax_hz
    assert (spec.n_fft - spec.hop_samples) % 2 == 0


def test_summaries_are_one_line() -> None:
    for known in conventions():
        assert known.family and known.summary and not known.summary.endswith(".") and "\n" not in known.summary


def test_filter_peaks_differ_by_family() -> None:
    # HTK filters without norm peak near 1, Slaney's near 0.0265 at 80 bands to 8 kHz.
    assert mel_filters(convention("vocos-24k")).max() == pytest.approx(1.0, abs=0.02)
    assert mel_filters(convention("hifigan-22k")).max() == pytest.approx(0.0265, abs=0.0005)


def test_an_unknown_name_gets_a_suggestion() -> None:
    with pytest.raises(UnknownName, match="Did you mean 'hifigan-22k'"):
        convention("hifigan-22")


def test_a_spec_without_a_name_is_spelled_out() -> None:
    spec = convention("hifigan-22k")
    assert convention_name(replace(spec, fmax_hz=7000)) is None
    assert "7000 Hz" in spelled(replace(spec, fmax_hz=7000))
    normalised = spec.with_statistics((0.0,) * 80, (2.0,) * 80)
    assert spelled(normalised) == "hifigan-22k, normalised per band"


@pytest.mark.parametrize(
    "wrong",
    [
        {"sample_rate": 0}, {"sample_rate": True}, {"n_fft": 10**9}, {"n_mels": 100_000}, {"hop_samples": 2000},
        {"fmax_hz": 20_000}, {"fmin_hz": 8000}, {"window": "box"}, {"mel_scale": []}, {"clamp": 0},
        {"clamp": float("nan")}, {"log_gain": 0}, {"clip": (1, 0)}, {"clip": (0,)},
        {"mean": (0.0,)}, {"scale": (0.0,) * 80}, {"power": -1},
        {"mean": (float("inf"),) * 80}, {"colour": "red"}, {"fmax_hz": "high"}, {"log_offset": float("inf")},
    ],
)
def test_nonsense_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(OptionError, match="mel convention"):
        MelSpec.from_dict({"sample_rate": 22_050} | wrong)


def test_the_nearest_convention_and_what_differs() -> None:
    spec = replace(convention("pwg-22k"), clamp=1e-8).with_statistics((0.0,) * 80, (1.0,) * 80)
    assert nearest_convention(spec) == ("pwg-22k", ("clamp", "mean", "scale"))
    assert nearest_convention(convention("vocos-24k")) == ("vocos-24k", ())
