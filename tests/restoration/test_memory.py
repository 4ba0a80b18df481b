"""However long a recording is, restore-speech takes the memory of a short one: what is long lies in temporary files."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile
from takes import take

from vocolab.testing.faults import at_snr, coloured, hum

RATE = 8_000
_MEASURED = """
import sys
import vocolab.files.spool
vocolab.files.spool._IN_MEMORY_BYTES = 2**20  # both recordings are put aside in files, as hours are
from vocolab.cli.main import run
code = run(sys.argv[1:])
print([line for line in open("/proc/self/status") if line.startswith("VmHWM")][0].split()[1])
sys.exit(code)
"""


def peak_mb(folder: Path, minutes: int) -> float:
    """Of the process that repairs so many minutes of speech with hum, noise and clicks."""
    clean = take(60.0, RATE)
    worse = at_snr(clean, coloured(len(clean), RATE, -3.0), 15.0, RATE)
    worse = at_snr(worse, hum(len(clean), RATE, 50.0, 10), 15.0, RATE)
    worse[np.random.default_rng(0).integers(0, len(worse), 20)] += 0.3
    source = folder / f"{minutes}.wav"
    with soundfile.SoundFile(source, "w", RATE, 1, "PCM_16") as file:
        for _ in range(minutes):
            file.write(worse)
    call = ["master", str(source), "--preset", "restore-speech", "-o", str(folder / f"{minutes}.out.wav")]
    done = subprocess.run([sys.executable, "-c", _MEASURED, *call], check=True, capture_output=True, text=True)
    return int(done.stdout.split()[-1]) / 1024


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="peak memory is read where Linux tells it")
def test_ten_minutes_more_take_no_more_memory(tmp_path: Path) -> None:
    """Ten minutes of one channel are 18 MB: nobody holds them, not even once."""
    assert peak_mb(tmp_path, 12) < peak_mb(tmp_path, 2) + 12
