"""A picture of what the meter read: waveform, loudness over time against the target, spectrum."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from vocolab.delivery.target import Target
from vocolab.errors import AudioError
from vocolab.layouts import layout_of
from vocolab.loudness.meter import LoudnessMeter
from vocolab.loudness.reading import Loudness, LoudnessCurves
from vocolab.loudness.spectrum import Spectrum
from vocolab.loudness.waveform import MOST_COLUMNS, Waveform
from vocolab.pictures.figures import new_figure, plain, save_figure
from vocolab.signals import Signal

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_WAVE, _MOMENTARY, _SHORT_TERM, _INTEGRATED, _WANTED, _CEILING = (
    "#4878a8", "#a9c4de", "#1f4e79", "#111111", "#2e8b57", "#c0392b",
)  # fmt: skip
_HEAD_CHARACTERS = 125
_PANELS_INCHES = 7.6
_LEAST_SHOWN_LU, _MOST_SHOWN_LU = 20.0, 45.0
_LONG_S = 300.0
_SHOWN_DB = 80.0
_MARKS_HZ = (20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000)


@dataclass(frozen=True)
class Walk:
    """All that a picture needs, from one walk through a signal."""

    seconds: float
    loudness: Loudness
    curves: LoudnessCurves
    waveform: Waveform
    bands: tuple[NDArray[np.float64], NDArray[np.float64]]

    @property
    def time_unit(self) -> tuple[float, str]:
        """What the time axis counts in: its seconds, and its name."""
        return (60.0, "minutes") if self.seconds > _LONG_S else (1.0, "seconds")


class Onlooker(Protocol):
    """Whoever else wants to see the blocks of a walk."""

    def add(self, block: NDArray[np.float32]) -> None:
        """Take the next (channels, n) samples, n at least 1."""
        ...


def walk_through(signal: Signal, *onlookers: Onlooker) -> Walk:
    """Measure a signal, and keep what a picture of it needs; memory does not grow with its length but for the curves.

    `onlookers` see every block too.

    Raises:
        AudioError: as `vocolab.loudness.measure`, and if there are no samples.
    """
    if signal.n_samples == 0:
        raise AudioError("there are no samples to draw")
    meter = LoudnessMeter(signal.sample_rate, signal.channels, layout_of(signal))
    waveform = Waveform(signal.n_samples)
    spectrum = Spectrum(signal.sample_rate, signal.channels)
    for block in signal.blocks():
        meter.add(block)
        if block.size:
            waveform.add(block)
            spectrum.add(block)
            for onlooker in onlookers:
                onlooker.add(block)
    seconds = signal.n_samples / signal.sample_rate
    return Walk(seconds, meter.result(), meter.curves(), waveform, spectrum.bands())


def draw_loudness(
    walk: Walk, path: str | PathLike[str], target: Target | None = None, title: str = "", notes: Sequence[str] = ()
) -> None:
    """Draw what `walk_through` found to an image file (.png, .svg, .pdf ...), whole or not at all.

    Three panels: the waveform, with the ceiling of the true or sample peak; momentary and short-term loudness, each at
    the end of its window as a meter shows it, with the integrated loudness and the target; the mean spectrum in sixths
    of an octave. `notes` are lines under the title.

    Raises:
        CallError: if the file's suffix is none that can be drawn.
        DependencyMissing: if matplotlib is not installed.
        OutputError: if the file can't be written.
    """
    target = target or Target()
    lines = [line for note in notes for line in textwrap.wrap(note, _HEAD_CHARACTERS)]
    head_inches = 0.5 + 0.2 * len(lines)
    figure = new_figure(10, _PANELS_INCHES + head_inches)
    head, body = figure.subfigures(2, 1, squeeze=False, height_ratios=[head_inches, _PANELS_INCHES])[:, 0]
    head.text(0.06, 1 - 0.15 / head_inches, plain(title), fontsize=11, fontweight="bold", va="top")
    head.text(0.06, 1 - 0.4 / head_inches, "\n".join(map(plain, lines)), fontsize=9, linespacing=1.6, va="top")
    panels = body.subplots(3, 1, height_ratios=[1, 1.5, 1.2])
    draw_waveform(panels[0], walk, target)
    draw_curves(panels[1], walk, target)
    _draw_spectrum(panels[2], walk)
    save_figure(figure, Path(path), dpi=130)


def draw_waveform(axes: Axes, walk: Walk, target: Target) -> None:
    """The waveform over time, with the ceilings of a target."""
    low, high = walk.waveform.low, walk.waveform.high
    end = walk.seconds / walk.time_unit[0]
    axes.stairs(high, np.linspace(0, end, len(low) + 1), baseline=low, fill=True, color=_WAVE)
    reach = max(1.0, float(high.max(initial=0)), -float(low.min(initial=0))) * 1.05
    for name, ceiling_db in (("true peak", target.true_peak_dbtp), ("sample peak", target.sample_peak_dbfs)):
        if ceiling_db is not None:
            label = f"ceiling of the {name}, {ceiling_db:g} dB"
            axes.axhline(10 ** (ceiling_db / 20), color=_CEILING, linewidth=0.8, linestyle="--", label=label)
            axes.axhline(-(10 ** (ceiling_db / 20)), color=_CEILING, linewidth=0.8, linestyle="--")
    titled(axes, "Waveform, all channels" if walk.loudness.channels > 1 else "Waveform")
    _legend(axes)
    axes.set(xlim=(0, end), ylim=(-reach, reach), ylabel="Full scale = 1")


def draw_curves(axes: Axes, walk: Walk, target: Target) -> None:
    """Momentary and short-term loudness over time, with the integrated loudness and what a target wants."""
    curves, wanted = walk.curves, target.loudness_for(walk.loudness.channels)
    unit_s, unit = walk.time_unit
    axes.set(xlim=(0, walk.seconds / unit_s), ylim=_shown_lufs(walk, target), xlabel=f"Time in {unit}", ylabel="LUFS")
    for values, window_s, color, width, label in (
        (curves.momentary_lufs, curves.momentary_s, _MOMENTARY, 0.8, "momentary, 0.4 s"),
        (curves.short_term_lufs, curves.short_term_s, _SHORT_TERM, 1.6, "short-term, 3 s"),
    ):
        if np.isfinite(values).any():
            ends_s, thinned = _thinned(values, curves.hop_s, window_s)
            axes.plot(ends_s / unit_s, thinned, color=color, linewidth=width, label=label, zorder=3)
    if wanted is not None:
        axes.axhspan(wanted - target.tolerance_lu, wanted + target.tolerance_lu, color=_WANTED, alpha=0.25, linewidth=0)
        axes.axhline(wanted, color=_WANTED, linewidth=1, label=f"target {wanted:g} ±{target.tolerance_lu:g}")
    if target.short_term_max_lufs is not None:
        most = target.short_term_max_lufs
        axes.axhline(most, color=_CEILING, linewidth=0.8, linestyle="--", label=f"most of short-term, {most:g}")
    if (integrated := walk.loudness.integrated_lufs) is not None:
        axes.axhline(integrated, color=_INTEGRATED, linewidth=1, linestyle=":", label=f"integrated {integrated:.1f}")
    titled(axes, "Loudness over time")
    _legend(axes)
    if walk.loudness.momentary_max_lufs is None:
        say(axes, "no loudness: digital silence, or shorter than 0.4 s")


def _shown_lufs(walk: Walk, target: Target) -> tuple[float, float]:
    """Limits that hold the target and all of the curves but the deepest pauses."""
    momentary = walk.curves.momentary_lufs[np.isfinite(walk.curves.momentary_lufs)]
    lines = (target.loudness_for(walk.loudness.channels), target.short_term_max_lufs)
    shown = [line for line in lines if line is not None]
    if momentary.size:
        shown += [float(momentary.max()), float(np.percentile(momentary, 5))]
    top = max(shown, default=-10.0) + 3
    return top - min(max(top - min(shown, default=-50.0) + 5, _LEAST_SHOWN_LU), _MOST_SHOWN_LU), top


def _draw_spectrum(axes: Axes, walk: Walk) -> None:
    centres_hz, powers = walk.bands
    heard = powers > 0
    titled(axes, "Mean spectrum, sixths of an octave")
    axes.set(xlabel="Frequency in Hz", ylabel="dBFS", xscale="log", xlim=(20, centres_hz[-1]))
    axes.set_xticks([hz for hz in _MARKS_HZ if hz <= centres_hz[-1]], minor=False)
    axes.set_xticks([], minor=True)
    axes.set_xticklabels([f"{hz / 1000:g}k" if hz >= 1000 else f"{hz}" for hz in _MARKS_HZ if hz <= centres_hz[-1]])
    if not heard.any():
        say(axes, "digital silence")
        return
    decibels = 10 * np.log10(powers[heard])
    top = float(decibels.max()) + 5
    axes.set_ylim(top - _SHOWN_DB, top)
    axes.fill_between(centres_hz[heard], decibels, top - _SHOWN_DB, color=_WAVE, alpha=0.25, linewidth=0)
    axes.plot(centres_hz[heard], decibels, color=_SHORT_TERM, linewidth=1.2)


def _thinned(
    values: NDArray[np.float64], hop_s: float, window_s: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Times of the windows' ends and values, at most 2000, each the highest of its stretch; gaps where it is -inf."""
    starts = np.linspace(0, len(values), min(len(values), MOST_COLUMNS), endpoint=False).astype(int)
    highest = np.maximum.reduceat(values, starts)
    return starts * hop_s + window_s, np.where(np.isfinite(highest), highest, np.nan)


def _legend(axes: Axes) -> None:
    """In the line of the title, where no curve runs through it."""
    if axes.get_legend_handles_labels()[0]:
        axes.legend(loc="lower right", bbox_to_anchor=(1.0, 0.97), ncols=5, fontsize=8, frameon=False)


def say(axes: Axes, reason: str) -> None:
    """Why there is nothing to be seen, in the middle."""
    axes.text(0.5, 0.5, reason, transform=axes.transAxes, ha="center", color="#777777")


def titled(axes: Axes, text: str) -> None:
    """The look of a panel, and what it shows."""
    axes.set_title(text, loc="left", fontsize=9)
    axes.grid(True, color="#e5e5e5", linewidth=0.6)
    axes.set_axisbelow(True)
    axes.tick_params(labelsize=8)
    axes.yaxis.label.set_fontsize(8)
    axes.xaxis.label.set_fontsize(8)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
