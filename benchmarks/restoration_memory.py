"""How much memory hours of speech take through a preset that repairs, and through a diagnosis, and how long that lasts.

    python benchmarks/restoration_memory.py [--hours 0.1 1] [--rate 8000] [--preset restore-speech]
    python benchmarks/restoration_memory.py --inspect [--hours 0.1 1] [--rate 8000]

Each recording is a minute of speech with hum, noise and clicks, again and again, written to the temporary folder, where
the effects put audio aside too (TMPDIR). Memory is the peak of the resident set of `vocolab master`, or of
`vocolab inspect`, a process of its own, as Linux tells it.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import soundfile

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "restoration"))

from takes import take

from vocolab.testing.faults import at_snr, coloured, hum

_PERIOD_S = 60.0
_MEASURED = """
import sys
from vocolab.cli.main import run
code = run(sys.argv[1:])
print([line for line in open("/proc/self/status") if line.startswith("VmHWM")][0].strip())
sys.exit(code)
"""


def write_hours(path: Path, seconds: float, sample_rate: int) -> None:
    """A recording of so many seconds; a period of it is in memory at a time."""
    clean = take(_PERIOD_S, sample_rate)
    worse = at_snr(clean, coloured(len(clean), sample_rate, -3.0), 15.0, sample_rate)
    worse = at_snr(worse, hum(len(clean), sample_rate, 50.0, 10), 15.0, sample_rate)
    worse[np.random.default_rng(0).integers(0, len(worse), 20)] += 0.3
    left = round(seconds * sample_rate)
    with soundfile.SoundFile(path, "w", sample_rate, 1, "PCM_16") as file:
        while left > 0:
            file.write(worse[:left])
            left -= len(worse)


def measured(call: list[str]) -> tuple[float, float, str]:
    """Peak memory in MB, seconds of CPU, and what was said, of a call of vocolab.

    Raises:
        subprocess.CalledProcessError: if it fails.
    """
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([sys.executable, "-c", _MEASURED, *call], check=True, capture_output=True, text=True)
    *printed, peak = done.stdout.strip().splitlines()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return int(peak.split()[1]) / 1024, seconds, "\n".join([*printed, done.stderr])


def main() -> None:
    """Print a row for each length."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hours", type=float, nargs="+", default=[0.1, 1.0])
    parser.add_argument("--rate", type=int, default=8_000)
    parser.add_argument("--preset", nargs="+", default=["restore-speech"])
    parser.add_argument("--inspect", action="store_true", help="diagnose, and repair nothing")
    given = parser.parse_args()
    print("| hours | peak memory | CPU time | times real time |\n|---|---|---|---|", flush=True)
    said = ""
    for hours in given.hours:
        with TemporaryDirectory(prefix="vocolab-hours-") as folder:
            source = Path(folder, "in.wav")
            write_hours(source, hours * 3600, given.rate)
            peak_mb, seconds, said = measured(_call(given, source, Path(folder, "out.wav")))
        print(f"| {hours:g} | {peak_mb:.0f} MB | {seconds:.0f} s | {hours * 3600 / seconds:.0f} |", flush=True)
    print(said)


def _call(given: argparse.Namespace, source: Path, output: Path) -> list[str]:
    if given.inspect:
        return ["inspect", str(source)]
    presets = [word for preset in given.preset for word in ("--preset", preset)]
    return ["master", str(source), *presets, "-o", str(output)]


if __name__ == "__main__":
    main()
