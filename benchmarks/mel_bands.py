"""How often mels of other bands than those they are taken for are refused or noted, and right ones are not.

    python benchmarks/mel_bands.py FOLDER_OF_AUDIO... [--clips 24] [--seed 20]

Each clip is made into mels of hifigan-22k, of the same with other bands, and with its bands in reverse; all are then
given to `hifigan-22k`, once as bare arrays and once with that convention stated.
"""

from __future__ import annotations

import argparse
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np

from vocolab.audio import Audio
from vocolab.errors import MelMismatch
from vocolab.mels.conventions import convention
from vocolab.mels.extract import extract
from vocolab.mels.reader import accept_mel
from vocolab.mels.spec import MelSpec

RIGHT = convention("hifigan-22k")
OTHERS = {
    "right": RIGHT,
    "HTK's scale": replace(RIGHT, mel_scale="htk"),
    "0 to 11025 Hz": replace(RIGHT, fmax_hz=11_025.0),
    "80 to 7600 Hz": replace(RIGHT, fmin_hz=80.0, fmax_hz=7_600.0),
}
MOST_S = 8.0


def outcome(values: np.ndarray, stated: MelSpec | None) -> str:
    """What becomes of a mel: "refused", "noted", or "taken" without a word about its bands."""
    try:
        _, notes = accept_mel(values, RIGHT, stated)
    except MelMismatch:
        return "refused"
    return "noted" if any("harmonics" in note for note in notes) else "taken"


def mels(path: Path) -> dict[str, np.ndarray]:
    """Of a clip, by kind."""
    whole = Audio.load(path)
    audio = Audio(whole.samples[:, : round(MOST_S * whole.sample_rate)], whole.sample_rate)
    found = {kind: extract(audio, spec).values for kind, spec in OTHERS.items()}
    return {**found, "bands reversed": found["right"][::-1].copy()}


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--clips", type=int, default=24, help="Of each folder, by chance.")
    parser.add_argument("--seed", type=int, default=20)
    arguments = parser.parse_args()
    random = np.random.default_rng(arguments.seed)
    counts: dict[tuple[str, str], Counter[str]] = {}
    for folder in arguments.folders:
        files = sorted(path for path in folder.iterdir() if path.suffix in (".flac", ".wav"))
        for index in random.choice(len(files), min(arguments.clips, len(files)), replace=False):
            for kind, values in mels(files[index]).items():
                for way, stated in (("bare", None), ("stated", RIGHT)):
                    counts.setdefault((kind, way), Counter())[outcome(values, stated)] += 1
    for (kind, way), count in counts.items():
        print(f"{kind}, {way}: " + ", ".join(f"{count[name]} {name}" for name in ("refused", "noted", "taken")))


if __name__ == "__main__":
    main()
