"""Draws mel spectrograms."""

from __future__ import annotations

from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from vocolab.errors import MelError
from vocolab.mels.filters import hz_to_mel, mel_to_hz
from vocolab.mels.mel import Mel
from vocolab.mels.spec import MelSpec
from vocolab.pictures.figures import check_picture, new_figure, plain, save_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_ROUND_HZ = (100, 200, 500, 1000, 2000, 4000, 8000, 16_000)
# An hour is 310,000 frames; a picture shows no more than it has pixels for.
_MOST_COLUMNS = 4000


def plot_mel(mel: Mel | NDArray[np.floating[Any]], path: str | PathLike[str], title: str = "") -> None:
    """Draw a spectrogram to an image file of matplotlib's formats (.png, .svg, .pdf ...), whole or not at all.

    A `Mel` is drawn over seconds and Hz, with its F0 as a line where it carries one. An array (n_mels, frames), whose
    convention is not known, is drawn over frames and bands. Where there are more frames than pixels, each column shows
    the greatest of its frames.

    Raises:
        DependencyMissing: if matplotlib is not installed.
        CallError: if the file's suffix is none that can be drawn.
        MelError: if the array is not 2-D or is empty.
        OutputError: if the file can't be written.
    """
    file = Path(path)
    check_picture(file)
    spec = mel.spec if isinstance(mel, Mel) else None
    values = np.asarray(mel.values if isinstance(mel, Mel) else mel)
    if values.ndim != 2 or values.size == 0:
        raise MelError(f"a mel of shape {values.shape} can't be drawn: (n_mels, frames) is needed")
    figure = new_figure(10, 4.2)
    axes = figure.subplots()
    seconds = values.shape[1] * spec.hop_samples / spec.sample_rate if spec else float(values.shape[1])
    image = axes.imshow(_columns(values), origin="lower", aspect="auto", cmap="magma", interpolation="nearest",
                        extent=(0.0, seconds, -0.5, values.shape[0] - 0.5))
    axes.set_xlabel("Time in seconds" if spec else "Frame")
    axes.set_ylabel("Mel band")
    axes.set_title(plain(title), loc="left")
    if spec:
        _frequency_axis(axes, spec)
    if isinstance(mel, Mel) and mel.f0_hz is not None:
        _draw_f0(axes, mel.f0_hz, mel.spec)
    bar = figure.colorbar(image, ax=axes, pad=0.02)
    bar.set_label(_unit(spec))
    save_figure(figure, file)


def _columns(values: NDArray[np.floating[Any]]) -> NDArray[np.floating[Any]]:
    """At most `_MOST_COLUMNS` columns, each the maximum of as many frames."""
    frames = values.shape[1]
    if frames <= _MOST_COLUMNS:
        return values
    starts = np.linspace(0, frames, _MOST_COLUMNS, endpoint=False).astype(int)
    return np.asarray(np.maximum.reduceat(values, starts, axis=1))


def _frequency_axis(axes: Axes, spec: MelSpec) -> None:
    """Hz on the right: every band at the centre of its filter."""
    centres_hz = _centres_hz(spec)
    marks_hz = [hz for hz in _ROUND_HZ if centres_hz[0] <= hz <= centres_hz[-1]]
    bands = np.interp(marks_hz, centres_hz, np.arange(spec.n_mels))
    right = axes.secondary_yaxis("right")
    right.set_yticks(bands, [f"{hz / 1000:g}k" if hz >= 1000 else f"{hz:g}" for hz in marks_hz])
    right.set_ylabel("Frequency in Hz")


def _centres_hz(spec: MelSpec) -> NDArray[np.float64]:
    """Where every band's filter peaks."""
    low, high = hz_to_mel(np.array([spec.fmin_hz, spec.fmax_hz]), spec.mel_scale)
    return mel_to_hz(np.linspace(low, high, spec.n_mels + 2), spec.mel_scale)[1:-1]


def _draw_f0(axes: Axes, f0_hz: NDArray[np.float32], spec: MelSpec) -> None:
    """F0 as a line over the bands, with gaps where it is unvoiced or below the lowest band."""
    bands = np.interp(f0_hz, _centres_hz(spec), np.arange(spec.n_mels), left=np.nan, right=np.nan)
    seconds = (np.arange(f0_hz.size) + 0.5) / spec.frame_rate_hz
    axes.plot(seconds, bands, color="white", linewidth=1.2)


def _unit(spec: MelSpec | None) -> str:
    if spec is None:
        return "Value"
    if spec.mean or spec.scale:
        return "Deviations from the band's mean"
    if spec.log_base == "none":
        return f"Magnitude, to the power of {spec.power:g}"
    if spec.log_gain != 1.0 or spec.log_offset != 0.0:
        decibels = 20.0 if spec.log_base == "10" else 20.0 / np.log(10.0)
        return f"Level (1 = {decibels / spec.log_gain:g} dB)"
    return "ln of magnitude" if spec.log_base == "e" else "log10 of magnitude"
