"""F0 against pyworld's Harvest: gross errors, fine errors, and where the two differ about voicing.

    pip install pyworld "setuptools<81"        # pyworld imports pkg_resources
    python benchmarks/pitch.py FOLDER_OF_AUDIO [--clips 40] [--seed 7]
    python benchmarks/pitch.py FOLDER_OF_AUDIO --begins 163,332 --voice harmonic-22k   # F0 that a voice reads from mels
    python benchmarks/pitch.py FOLDER_OF_AUDIO --listed validation.txt --voice harmonic-22k

With a voice its F0 is compared with Harvest's, in the range that its authors set, and with vocolab's own tracker on the
recording. Harvest voices what a listener hardly calls voiced: it leaves few gaps, and what it hears in them depends on
next to nothing. So it is asked twice, the second time with white noise under the recording that nobody hears, and the
voice is compared with what it says both times as well.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from vocolab.audio import Audio
from vocolab.pitch import Method, PitchOptions, track

if TYPE_CHECKING:
    from collections.abc import Callable

RATE, HOP = 22_050, 256
GROSS = 0.2
"""A pitch that is further off than a fifth of the other is a gross error."""
NOISE_DB = -70.0
"""Of the noise that Harvest's second hearing has beside the recording, in dB of full scale (RMS)."""


def compare(folder: Path, clips: int, seed: int, method: Method = "autocorrelation") -> dict[str, float]:
    """Figures over a sample of the recordings in a folder."""
    options = PitchOptions(method=method)
    chosen = recordings(folder, clips, seed)
    low, high = options.lowest_hz, options.highest_hz
    return figures([(track(samples, RATE, HOP, options), harvest(samples, low, high)) for samples in chosen])


def recordings(
    folder: Path, clips: int, seed: int, begins: tuple[str, ...] = ("",), listed: Path | None = None
) -> list[np.ndarray]:
    """Samples of some recordings of a folder, of those whose names begin so and that are `listed`."""
    files = sorted(path for path in folder.iterdir() if path.suffix in (".flac", ".wav"))
    if listed is not None:
        names = set(listed.read_text().split())
        files = [path for path in files if path.stem in names]
    files = [path for path in files if path.name.startswith(begins)]
    chosen = np.random.default_rng(seed).choice(len(files), min(clips, len(files)), replace=False)
    return [Audio.load(files[index]).mono_at(RATE).samples[0] for index in chosen]


def figures(pairs: list[tuple[np.ndarray, np.ndarray]]) -> dict[str, float]:
    """Figures of one F0 against another, over pairs of tracks."""
    cut = [(ours[: theirs.size], theirs[: ours.size]) for ours, theirs in pairs]
    ours, theirs = (np.concatenate(parts) for parts in zip(*cut, strict=True))
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


def harvest(samples: np.ndarray, lowest_hz: float, highest_hz: float) -> np.ndarray:
    """Harvest's F0 at the middle of each hop."""
    import pyworld

    found, _ = pyworld.harvest(
        samples.astype(np.float64), RATE, f0_floor=lowest_hz, f0_ceil=highest_hz, frame_period=500 * HOP / RATE
    )
    return np.asarray(found[1::2])


def agreed(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """The frames in which two tracks say the same: both unvoiced, or both of one F0 to a gross error."""
    same = (one > 0) & (other > 0) & (np.abs(other / np.where(one > 0, one, 1.0) - 1) <= GROSS)
    return np.asarray(same | ((one == 0) & (other == 0)))


def disturbed(samples: np.ndarray, seed: int) -> np.ndarray:
    """The samples with white noise `NOISE_DB` under full scale."""
    noise = np.random.default_rng(seed).standard_normal(samples.size)
    return np.asarray(samples + 10 ** (NOISE_DB / 20) * noise)


def reader(voice: str) -> Callable[[np.ndarray], np.ndarray]:
    """What a harmonic-plus-noise voice reads from the mel of samples."""
    import torch

    from vocolab.catalog import Catalog
    from vocolab.mels.extract import extract
    from vocolab.networks.weights import filled
    from vocolab_harmonic.config import HarmonicConfig
    from vocolab_harmonic.network import HarmonicGenerator

    loaded = Catalog.installed().voices.load(voice)
    config = HarmonicConfig.model_validate(loaded.config)
    network = filled(lambda: HarmonicGenerator(config, loaded.mel_spec), loaded.float32(), "the voice").eval()

    def f0_hz(samples: np.ndarray) -> np.ndarray:
        mel = extract(Audio.mono(samples, RATE), loaded.mel_spec).values
        with torch.inference_mode():
            return np.asarray(network.f0_hz(torch.from_numpy(np.array(mel))[None])[0])

    return f0_hz


def compare_voice(voice: str, chosen: list[np.ndarray]) -> None:
    """Print the figures of the F0 that a voice reads, against both trackers."""
    from vocolab_harmonic.pitch_training import HIGHEST_HZ, LOWEST_HZ
    from vocolab_harmonic.training import JUMP, VOICING

    read, learned = reader(voice), PitchOptions(voicing=VOICING, jump=JUMP)
    inner = [read(samples) for samples in chosen]
    own = [track(samples, RATE, HOP, learned) for samples in chosen]
    theirs = [harvest(samples, LOWEST_HZ, HIGHEST_HZ) for samples in chosen]
    again = [harvest(disturbed(samples, seed), LOWEST_HZ, HIGHEST_HZ) for seed, samples in enumerate(chosen)]
    for name, one, other in (("voice against Harvest", inner, theirs), ("voice against own tracker", inner, own),
                             ("own tracker against Harvest", own, theirs), ("Harvest against itself", again, theirs)):
        tell(name, figures(list(zip(one, other, strict=True))))
    sure = [agreed(one, other) for one, other in zip(theirs, again, strict=True)]
    told = [(one[: kept.size][kept[: one.size]], other[: one.size][kept[: one.size]])
            for one, other, kept in zip(inner, theirs, sure, strict=True)]
    tell("voice against Harvest where it agrees with itself", figures(told))


def tell(name: str, found: dict[str, float]) -> None:
    """One line of figures."""
    print(name, ", ".join(f"{key} {value:.2f}" for key, value in found.items()), flush=True)


def main() -> None:
    """Print the figures of both methods for a folder."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--clips", type=int, default=40)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--begins", default="", help="Only files whose names begin so: A,B,...")
    parser.add_argument("--listed", type=Path, help="Only files whose names are in this file: validation.txt, say.")
    parser.add_argument("--voice", help="A harmonic-plus-noise voice, instead of the trackers.")
    arguments = parser.parse_args()
    if arguments.voice:
        begins = tuple(arguments.begins.split(","))
        chosen = recordings(arguments.folder, arguments.clips, arguments.seed, begins, arguments.listed)
        compare_voice(arguments.voice, chosen)
        return
    for method in ("autocorrelation", "yin"):
        tell(method, compare(arguments.folder, arguments.clips, arguments.seed, method))


if __name__ == "__main__":
    main()
