"""Draws what the controls of `vocolab say` do to pitch and durations: one sentence, said in several ways.

    python benchmarks/speaking_pictures.py -o docs/speaking-controls.png [--voice NAME]

Each panel shows the mel that the voice gave, its F0, and where its words are.
"""

from __future__ import annotations

import argparse
from typing import Any

import numpy as np

import vocolab

TEXT = "A rainbow is a division of white light."
WAYS: dict[str, dict[str, float]] = {
    "as it comes": {}, "--speed 0.75": {"speed": 0.75}, "--pitch 4": {"pitch_semitones": 4.0},
    "--pitch-range 0.3": {"pitch_range": 0.3}, "--energy -9": {"energy_db": -9.0},
}  # fmt: skip
_HIGHEST_HZ = 400


def main() -> None:
    """Draw one sentence, said in several ways."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-o", "--output", required=True)
    parser.add_argument("--voice", default=None)
    options = parser.parse_args()
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    narrator = vocolab.narrator(options.voice)
    spoken = {way: narrator.say(TEXT, **controls) for way, controls in WAYS.items()}
    longest_s = max(speech.audio.seconds for speech in spoken.values())
    figure, axes = pyplot.subplots(len(spoken), 1, figsize=(9, 1.4 * len(spoken)), sharex=True, layout="constrained")
    for axis, (way, speech) in zip(axes, spoken.items(), strict=True):
        _draw(axis, way, speech)
        axis.set_xlim(0, longest_s)
    axes[-1].set_xlabel("s")
    figure.savefig(options.output, dpi=75)


def _draw(axis: Any, way: str, speech: vocolab.Speech) -> None:
    mel = speech.mel
    assert mel is not None, "the voice makes no mel to draw"
    axis.imshow(mel.values, origin="lower", aspect="auto", cmap="magma", vmin=-11, vmax=1,
                extent=(0, mel.seconds, 0, _HIGHEST_HZ))
    if mel.f0_hz is not None:
        time_s = (np.arange(mel.frames) + 0.5) * mel.seconds / mel.frames
        axis.plot(time_s, np.where(mel.f0_hz > 0, mel.f0_hz, np.nan), color="cyan", linewidth=1.6)
    for word in speech.words:
        axis.axvline(word.start_s, color="white", linewidth=0.6, alpha=0.7)
        axis.text(word.start_s + 0.01, _HIGHEST_HZ * 0.98, word.word, color="white", fontsize=7, va="top")
    axis.set_ylabel("F0, Hz")
    axis.set_title(way, loc="left", fontsize=9)


if __name__ == "__main__":
    main()
