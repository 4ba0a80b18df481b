"""Draws features: F0 over the mel, and the level."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from vocolab.features.measuring import Features
from vocolab.mels.mel import Mel
from vocolab.pictures.figures import check_picture, new_figure, plain, save_figure


def plot_features(features: Features, mel: Mel, path: Path, title: str = "") -> None:
    """A picture of the mel of the same recording, its F0 and its level, over seconds.

    Raises:
        DependencyMissing: if matplotlib is not installed.
        CallError: if the suffix is none that can be drawn.
        OutputError: if the file can't be written.
    """
    check_picture(path)
    figure = new_figure(11, 6.5)
    spectrum, pitch, level = figure.subplots(3, 1, sharex=True, height_ratios=(2, 1.4, 1))
    seconds = mel.frames * mel.spec.hop_samples / mel.spec.sample_rate
    spectrum.imshow(mel.values, origin="lower", aspect="auto", cmap="magma", interpolation="nearest",
                    extent=(0.0, seconds, -0.5, mel.values.shape[0] - 0.5))
    spectrum.set_ylabel("Mel band")
    spectrum.set_title(plain(title), loc="left")
    pitch.plot(features.time_s, np.where(features.voiced, features.f0_hz, np.nan), color="#1f4e79", linewidth=1.6)
    pitch.set_ylabel("F0 in Hz")
    pitch.grid(alpha=0.3)
    level.fill_between(features.time_s, features.level_dbfs, features.level_dbfs.min(), color="#a9c4de")
    level.set_ylabel("Level in dBFS")
    level.set_xlabel("Time in seconds")
    level.grid(alpha=0.3)
    save_figure(figure, path)
