"""Transforms that are loaded by themselves give what scipy.fft gives, which takes their place where they fail."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from scipy import fft

from vocolab.spectral import fourier

ROWS = np.random.default_rng(0).standard_normal((5, 96)).astype(np.float32)


@pytest.mark.parametrize("routines", [fourier._found(), fourier._public()], ids=["found", "public"])
def test_both_ways_are_scipys(routines: fourier._Routines) -> None:
    spectra = routines.rfft(ROWS)
    assert np.array_equal(spectra, fft.rfft(ROWS))
    assert np.array_equal(routines.irfft(spectra, 96), fft.irfft(spectra, 96))
    assert fourier._are_right(routines)


def test_longer_rows_are_cut_and_shorter_ones_go_on_with_zeros(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fourier, "_loaded_torch", lambda: None)
    assert np.array_equal(fourier.rfft(ROWS, 64), fft.rfft(ROWS, 64))
    spectra = fourier.rfft(ROWS[:, :80], 96)
    assert spectra.dtype == np.complex64
    assert np.array_equal(spectra, fft.rfft(ROWS[:, :80], 96))
    np.testing.assert_allclose(fourier.irfft(spectra, 96)[:, :80], ROWS[:, :80], atol=1e-6)


def test_where_torch_is_loaded_its_transforms_are_taken() -> None:
    pytest.importorskip("torch")
    spectra = fourier.rfft(ROWS[:, :80], 96)
    assert spectra.dtype == np.complex64
    np.testing.assert_allclose(spectra, fft.rfft(ROWS[:, :80], 96), atol=1e-5)
    assert fourier.irfft(spectra, 96).dtype == np.float32
    np.testing.assert_allclose(fourier.irfft(spectra, 96)[:, :80], ROWS[:, :80], atol=1e-6)


def _gone() -> fourier._Routines:
    raise AttributeError("there is no r2c any more")


def _without_scale() -> fourier._Routines:
    public = fourier._public()
    return fourier._Routines(public.rfft, lambda spectra, size: np.float32(size) * public.irfft(spectra, size))


@pytest.mark.parametrize("changed", [_gone, _without_scale])
def test_what_has_changed_is_not_used(changed: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fourier, "_compiled", changed)
    found = fourier._found()
    assert np.array_equal(found.irfft(found.rfft(ROWS), 96), fft.irfft(fft.rfft(ROWS), 96))


def test_nothing_else_of_scipy_is_imported() -> None:
    code = ("import sys, vocolab.postfilters.levelling, vocolab.spectral.transform\n"
            "print([name for name in sys.modules if name.partition('.')[0] == 'scipy'])")
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
