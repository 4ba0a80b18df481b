"""How fast a file is mastered on one core, in how much memory, and ffmpeg's two-pass loudnorm beside it.

    python benchmarks/mastering.py [--minutes 10] [--preset NAME ...] [--input FILE] [--no-ffmpeg] [--folder DIR]

The file is 48 kHz, stereo, 24 bit: a minute of speech-like sound, over and over at changing levels, unless --input
names one. Every program runs alone, on one core, with one thread; its CPU time (user and system) and its largest
resident memory are what the kernel counted for it and its children. Starting Python counts. What comes out is measured
by vocolab.

loudnorm gets the preset's loudness and ceiling and a generous range (LRA=20), so that it may stay linear; where a peak
is in the way it becomes dynamic, and ffmpeg says which it was. Distortion figures, of a 997 Hz tone, come last.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import soundfile
from numpy.typing import NDArray
from scipy.signal import butter, sosfilt

import vocolab
from vocolab.audio import Audio
from vocolab.chain.chain import Chain
from vocolab.effects import effect_name
from vocolab.files.reader import open_audio
from vocolab.loudness import measure
from vocolab.metrics.distortion import dynamic_range_db, thd_plus_n_percent, tone
from vocolab_mastering.eq import Eq
from vocolab_mastering.gain import Gain
from vocolab_mastering.limiter import Limiter
from vocolab_mastering.options import EqOptions, LimiterOptions
from vocolab_mastering.options_tone import GainOptions

RATE_HZ = 48_000
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
LOUDNORM = "loudnorm=I={lufs}:TP={dbtp}:LRA=20:print_format=json"
MEASURED = (
    ":measured_I={input_i}:measured_TP={input_tp}:measured_LRA={input_lra}:measured_thresh={input_thresh}"
    ":offset={target_offset}:linear=true"
)


class Usage(NamedTuple):
    """What a program used."""

    cpu_s: float
    resident_mb: float
    errors: str
    """Its stderr."""


def main() -> None:
    """Measure and print Markdown tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--preset", action="append", help="default: broadcast and studio")
    parser.add_argument("--input", type=Path)
    parser.add_argument("--no-ffmpeg", action="store_true")
    parser.add_argument("--folder", type=Path, help="where the files are put meanwhile; default: the temporary folder")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=arguments.folder) as name:
        folder = Path(name)
        source = arguments.input or write_speech(folder / "speech.wav", arguments.minutes)
        seconds = open_audio(source).seconds
        print(f"{seconds / 60:.1f} min, {measured_text(source)}\n")
        print("| | CPU s | times real time | memory MB | result |\n|---|---|---|---|---|")
        for preset in arguments.preset or ["broadcast", "studio"]:
            report(f"vocolab, {preset}", run_vocolab(source, preset, folder), seconds)
            if not arguments.no_ffmpeg and shutil.which("ffmpeg"):
                report(f"ffmpeg loudnorm, {preset}'s figures", run_loudnorm(source, preset, folder), seconds)
    print_distortion()


def report(name: str, outcome: tuple[Usage, str], seconds: float) -> None:
    """One row of the table."""
    usage, result = outcome
    figures = f"{usage.cpu_s:.1f} | {seconds / usage.cpu_s:.0f} | {usage.resident_mb:.0f}"
    print(f"| {name} | {figures} | {result} |", flush=True)


def run_vocolab(source: Path, preset: str, folder: Path) -> tuple[Usage, str]:
    """`vocolab master`, with what came out of it."""
    output = folder / "vocolab.wav"
    start = "import sys; from vocolab.cli.main import main; sys.exit(main())"
    usage = run([sys.executable, "-c", start, "master", str(source), "--preset", preset, "-o", str(output)], folder)
    result = measured_text(output)
    output.unlink()
    return usage, result


def run_loudnorm(source: Path, preset: str, folder: Path) -> tuple[Usage, str]:
    """ffmpeg's loudnorm in its two passes, to the preset's figures; what came out, and how."""
    target = vocolab.preset(preset).target
    filters = LOUDNORM.format(lufs=target.integrated_lufs, dbtp=target.true_peak_dbtp)
    ffmpeg = ["ffmpeg", "-y", "-hide_banner", "-nostdin", "-threads", "1", "-i", str(source)]
    first = run([*ffmpeg, "-af", filters, "-f", "null", "-"], folder)
    output = folder / "loudnorm.wav"
    filters += MEASURED.format(**loudnorm_json(first.errors))
    written = ["-ar", str(RATE_HZ), "-c:a", "pcm_s24le", str(output)]
    second = run([*ffmpeg, "-af", filters, *written], folder)
    result = f"{measured_text(output)}, {loudnorm_json(second.errors)['normalization_type']}"
    output.unlink()
    memory = max(first.resident_mb, second.resident_mb)
    return Usage(first.cpu_s + second.cpu_s, memory, ""), result


def loudnorm_json(errors: str) -> dict[str, str]:
    """What loudnorm printed at the end."""
    return dict(json.loads(errors[errors.rindex("{") : errors.rindex("}") + 1]))


def run(command: Sequence[str], folder: Path) -> Usage:
    """Run a program on one core; what it used."""
    errors = folder / "stderr.txt"
    pid = os.fork()
    if pid == 0:
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
        os.environ.update(ONE_THREAD, TMPDIR=str(folder))
        os.dup2(os.open(errors, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 2)
        os.dup2(2, 1)
        os.execvp(command[0], command)
    _, status, used = os.wait4(pid, 0)
    if code := os.waitstatus_to_exitcode(status):
        sys.exit(f"{command[0]} ended with {code}:\n{errors.read_text()}")
    return Usage(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, errors.read_text())


def measured_text(path: Path) -> str:
    """The loudness and the true peak of a file."""
    read = measure(open_audio(path))
    return f"{read.integrated_lufs:.2f} LUFS, {read.true_peak_dbtp:.2f} dBTP"


def write_speech(path: Path, minutes: float) -> Path:
    """48 kHz stereo, minute by minute, so that any length fits into memory."""
    with soundfile.SoundFile(path, "w", RATE_HZ, 2, subtype="PCM_24") as file:
        for block in speech(minutes):
            file.write(block.T)
    return path


def speech(minutes: float) -> Iterator[NDArray[np.float32]]:
    """Minutes (2, samples): harmonics of a gliding pitch and hiss, in syllables and phrases, at changing levels."""
    rng = np.random.default_rng(0)
    minute = 0.5 * np.tanh(1.5 * _voice(rng))
    left = round(minutes * 60 * RATE_HZ)
    while left > 0:
        level = 10 ** (rng.uniform(-6, 0) / 20)
        room = 2e-4 * rng.standard_normal((2, minute.size))
        block = (level * np.stack([minute, 0.8 * np.roll(minute, 12)]) + room)[:, :left]
        left -= block.shape[1]
        yield block.astype(np.float32)


def _voice(rng: np.random.Generator) -> NDArray[np.float64]:
    time = np.arange(60 * RATE_HZ) / RATE_HZ
    pitch_hz = 130 * 2 ** (0.3 * np.sin(2 * np.pi * 0.37 * time) + 0.1 * np.sin(2 * np.pi * 2.3 * time))
    phase = 2 * np.pi * np.cumsum(pitch_hz) / RATE_HZ
    vowels = np.zeros_like(time)
    for k in range(1, 31):
        vowels += np.sin(k * phase + k * k) / k
    highpass = butter(2, 4000, "highpass", fs=RATE_HZ, output="sos")
    hiss = np.asarray(sosfilt(highpass, rng.standard_normal(time.size)))
    syllables = np.clip(np.sin(2 * np.pi * 3.3 * time), 0, None) ** 2
    consonants = np.clip(np.sin(2 * np.pi * 1.9 * time + 1), 0, None) ** 8
    phrases = np.clip(4 * np.sin(2 * np.pi * 0.21 * time) + 2.5, 0, 1)
    voice = phrases * (syllables * vowels + 0.3 * consonants * hiss)
    return np.asarray(voice / np.abs(voice).max())


def print_distortion() -> None:
    """THD+N and dynamic range of what should add nothing."""
    print("\n| 997 Hz at 48 kHz | |\n|---|---|")
    loud = tone(-2.0, RATE_HZ)
    for effect in (Gain(GainOptions(gain_db=-3.7)), Eq(EqOptions()), Limiter(LimiterOptions())):
        print(f"| THD+N, {effect_name(effect)}, -2 dBFS | {thd_plus_n_percent(effect(loud)):.2g} % |")
    with tempfile.TemporaryDirectory() as folder:
        print(f"| THD+N, 24-bit WAV, -2 dBFS | {thd_plus_n_percent(written(loud, folder)):.2g} % |")
        print(f"| THD+N, broadcast and 24-bit WAV | {thd_plus_n_percent(delivered(loud, folder)):.2g} % |")
        quiet = written(tone(-60.0, RATE_HZ), folder)
        print(f"| dynamic range, 24-bit WAV, at -60 dBFS | {dynamic_range_db(quiet):.1f} dB |")


def delivered(audio: Audio, folder: str) -> Audio:
    """Through the preset broadcast and a file."""
    chain: Chain = vocolab.preset("broadcast")
    return written(chain(audio), folder)


def written(audio: Audio, folder: str) -> Audio:
    """The audio as it is read back from a 24-bit WAV."""
    path = Path(folder) / "tone.wav"
    audio.save(path, bit_depth=24)
    return Audio.load(path)


if __name__ == "__main__":
    main()
