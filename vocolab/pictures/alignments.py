"""Draws where the symbols of a clip were placed: over its mel."""

from __future__ import annotations

from pathlib import Path

from vocolab.alignment.clips import TimedClip
from vocolab.mels.mel import Mel
from vocolab.pictures.figures import check_picture, new_figure, plain, save_figure

_INCHES_A_SECOND = 3.0
_NARROWEST, _WIDEST = 6.0, 60.0


def plot_alignment(clip: TimedClip, mel: Mel, path: Path, title: str = "") -> None:
    """A picture of a clip's mel with its symbols; pauses are shaded.

    Raises:
        DependencyMissing: if matplotlib is not installed.
        CallError: if the suffix is none that can be drawn.
        OutputError: if the file can't be written.
    """
    check_picture(path)
    seconds = mel.frames * mel.spec.hop_samples / mel.spec.sample_rate
    figure = new_figure(min(max(_NARROWEST, _INCHES_A_SECOND * seconds), _WIDEST), 3.6)
    axes = figure.subplots()
    bands = mel.values.shape[0]
    axes.imshow(mel.values, origin="lower", aspect="auto", cmap="magma", interpolation="nearest",
                extent=(0.0, seconds, 0.0, bands))
    for symbol, start, end, owner in zip(clip.symbols, clip.starts_s, clip.ends_s, clip.owners, strict=True):
        if end <= start:
            continue
        axes.axvline(start, color="white", linewidth=0.6, alpha=0.8)
        if owner < 0:
            axes.axvspan(start, end, color="white", alpha=0.2)
        axes.text((start + end) / 2, 1.02 * bands, symbol, ha="center", va="bottom", fontsize=7, rotation=90)
    axes.set_xlim(0.0, seconds)
    axes.set_xlabel("Time in seconds")
    axes.set_ylabel("Mel band")
    axes.set_title(plain(title), loc="left", pad=34, fontsize=9)
    save_figure(figure, path, dpi=100)
