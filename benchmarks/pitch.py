"""F0 against pyworld's Harvest: gross errors, fine errors, and where the two differ about voicing.

    pip install pyworld "setuptools<81"        # pyworld imports pkg_resources
    python benchmarks/pitch.py FOLDER_OF_AUDIO [--clips 40] [--seed 7]

Harvest voices what a listener hardly calls voiced: it leaves few gaps.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from vocolab.audio import Audio
from vocolab.pitch import Method, PitchOptions, track

RATE, HOP = 22_050, 256
GROSS = 0.2
"""A pitch that is further off than a fifth of the other is a gross error."""


def compare(folder: Path, clips: int, seed: int, method: Method = "autocorrelation") -> dict[str, float]:
    """Figures over a sample of the recordings in a folder."""
    files = sorted(path for path in folder.iterdir() if path.suffix in (".flac", ".wav"))
    chosen = np.random.default_rng(seed).choice(len(files), min(clips, len(files)), replace=False)
    options = PitchOptions(method=method)
    pairs = [_pair(Audio.load(files[index]).mono_at(RATE).samples[0], options) for index in chosen]
    ours, theirs = (np.concatenate(parts) for parts in zip(*pairs, strict=True))
    both = (ours > 0) & (theirs > 0)
    ratio = ours[both] / theirs[both]
    gross = np.abs(ratio - 1) > GROSS
    return {
        "frames": ours.size, "both_voiced_frames": int(both.sum()), "gross_percent": 100 * float(gross.mean()),
        "octave_up_percent": 100 * float((np.abs(ratio - 2) < 0.3).mean()),
        "octave_down_percent": 100 * float((np.abs(ratio - 0.5) < 0.1).mean()),
        "fine_cents": float(np.median(1200 * np.abs(np.log2(ratio[~gross])))),
        "ours_only_percent": 100 * float(((ours > 0) & (theirs == 0)).mean()),
        "theirs_only_percent": 100 * float(((ours == 0) & (theirs > 0)).mean()),
    }


def _pair(samples: np.ndarray, options: PitchOptions) -> tuple[np.ndarray, np.ndarray]:
    """Our F0 and Harvest's, both at the middle of each hop."""
    import pyworld

    theirs, _ = pyworld.harvest(
        samples.astype(np.float64), RATE, f0_floor=options.lowest_hz, f0_ceil=options.highest_hz,
        frame_period=500 * HOP / RATE,
    )
    ours = track(samples, RATE, HOP, options)
    return ours, theirs[1::2][: ours.size]


def main() -> None:
    """Print the figures of both methods for a folder."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--clips", type=int, default=40)
    parser.add_argument("--seed", type=int, default=7)
    arguments = parser.parse_args()
    for method in ("autocorrelation", "yin"):
        figures = compare(arguments.folder, arguments.clips, arguments.seed, method)
        print(method, ", ".join(f"{name} {value:.2f}" for name, value in figures.items()))


if __name__ == "__main__":
    main()
