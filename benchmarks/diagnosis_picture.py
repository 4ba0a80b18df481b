"""Draws what `vocolab inspect --plot` shows of a recording with faults that are made here.

    python benchmarks/diagnosis_picture.py -o docs/diagnosis.png [--keep take.wav]

Two turns of speech, natural where ../shared is, else spoken by the voices inside: the second is 11 dB softer. There is
hum 22 dB under the speech and an offset of 0.6 %, it went through an MP3 of 64 kbit/s, and clicks came after that.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "restoration"))

from takes import take

from vocolab.audio import Audio
from vocolab.testing.fault_events import with_clicks
from vocolab.testing.faults import at_snr, hum

RATE = 48_000
_SECONDS = 36.0
_SOFTER_DB = 11.0


def main() -> None:
    """Make the recording, and have it inspected."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-o", "--output", required=True)
    parser.add_argument("--keep", help="where to leave the recording")
    options = parser.parse_args()
    with TemporaryDirectory() as folder:
        file = Path(options.keep or Path(folder, "take.wav"))
        worn(Path(folder)).save(file)
        subprocess.run([sys.executable, "-m", "vocolab", "inspect", file, "--plot", options.output], check=True)


def worn(folder: Path) -> Audio:
    """The recording with its faults."""
    speech = 0.5 * take(_SECONDS, RATE)
    speech[len(speech) // 2 :] *= 10 ** (-_SOFTER_DB / 20)
    humming = at_snr(speech, hum(len(speech), RATE, 50.03), 22.0, RATE)
    Audio.mono(humming, RATE).save(folder / "take.mp3", bitrate_kbps=64)
    coded = Audio.load(folder / "take.mp3").samples[0].astype(np.float64)
    clicked, _ = with_clicks(coded, RATE, 20.0, per_s=0.25, seed=1)
    return Audio(np.stack([clicked, clicked]) + 0.006, RATE)


if __name__ == "__main__":
    main()
