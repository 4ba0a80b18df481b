"""Two ways to the same LAME: what files have of soundfile's encoder, of lameenc's, and of a delivery by the first.

    python benchmarks/mp3_encoders.py [--seconds 60] [--bitrate-kbps 64 128 192 320]

Speech-like noise, limited to -1 dBTP, is encoded at 48 kHz by both. For each: how long the decoded audio is, where it
lies beside what went in, how loud and how high it is, the CPU time, and whether the file has the header (Xing or Info,
with LAME's delay and padding) by which players know length and gaps. "delivered" is what `Chain.deliver` makes by
soundfile's encoder, the chain's work included. lameenc takes 16-bit samples and is no dependency: pip install lameenc.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import lameenc
import numpy as np
from scipy.signal import correlate, lfilter

import vocolab
from vocolab.audio import Audio
from vocolab.chain.chain import Chain
from vocolab.files.formats import Form
from vocolab.files.writer import write_audio
from vocolab.loudness import measure

RATE_HZ = 48_000
COLUMNS = ("kbps", "encoder", "header", "samples more", "samples late", "LU", "dBTP", "CPU s", "bytes")


def main() -> None:
    """Measure and print a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--bitrate-kbps", type=int, nargs="+", default=[64, 128, 192, 320])
    arguments = parser.parse_args()
    chain, take = limiting_chain(), speech(arguments.seconds)
    audio = chain(take)

    def delivered(_: Audio, path: Path, kbps: int) -> None:
        chain.deliver(take, path, bitrate_kbps=kbps)

    ways = {"soundfile": by_soundfile, "lameenc": by_lameenc, "delivered": delivered}
    print(f"| {' | '.join(COLUMNS)} |\n|{'---|' * len(COLUMNS)}")
    with tempfile.TemporaryDirectory() as folder:
        for kbps in arguments.bitrate_kbps:
            for name, encode in ways.items():
                print(row(name, encode, audio, Path(folder) / "a.mp3", kbps))


def row(name: str, encode: Callable[[Audio, Path, int], None], audio: Audio, path: Path, kbps: int) -> str:
    """One line of the table."""
    started = time.process_time()
    encode(audio, path, kbps)
    cpu_s = time.process_time() - started
    start = path.read_bytes()[:2048]
    header = next((tag.decode() for tag in (b"Xing", b"Info") if tag in start), "none")
    decoded = Audio.load(path)
    before, after = measure(audio), measure(decoded)
    return (
        f"| {kbps} | {name} | {header} | {decoded.n_samples - audio.n_samples:+d} | {late_samples(decoded, audio):+d} "
        f"| {after.integrated_lufs - before.integrated_lufs:+.2f} | {after.true_peak_dbtp:+.2f} | {cpu_s:.2f} "
        f"| {path.stat().st_size} |"
    )


def by_soundfile(audio: Audio, path: Path, kbps: int) -> None:
    """As vocolab writes MP3."""
    write_audio(audio, path, Form(bitrate_kbps=kbps))


def by_lameenc(audio: Audio, path: Path, kbps: int) -> None:
    """The same bitrate from lameenc, at its best quality but one."""
    encoder = lameenc.Encoder()
    encoder.set_bit_rate(kbps)
    encoder.set_in_sample_rate(audio.sample_rate)
    encoder.set_channels(audio.channels)
    encoder.set_quality(2)
    encoder.silence()
    steps = np.clip(np.rint(audio.samples.T * 32768), -32768, 32767).astype("<i2")
    path.write_bytes(bytes(encoder.encode(steps.tobytes())) + bytes(encoder.flush()))


def late_samples(late: Audio, early: Audio) -> int:
    """How much later the same sound is in `late`, by the highest point of their correlation over two seconds."""
    n_samples = 2 * RATE_HZ
    correlation = correlate(late.samples[0, :n_samples], early.samples[0, :n_samples], method="fft")
    return int(np.argmax(correlation)) - (n_samples - 1)


def limiting_chain() -> Chain:
    """To -16 LUFS and -1 dBTP."""
    effects = [vocolab.effect("loudness", target_lufs=-16.0), vocolab.effect("limiter", ceiling_dbtp=-1.0)]
    return Chain(effects)


def speech(seconds: float) -> Audio:
    """Noise of the colour and the rhythm of speech."""
    n_samples = int(seconds * RATE_HZ)
    noise = lfilter([1.0], [1.0, -0.9], np.random.default_rng(1).standard_normal(n_samples))
    syllables = np.clip(np.sin(2 * np.pi * 4 * np.arange(n_samples) / RATE_HZ), 0.02, 1)
    return Audio.mono(0.1 * noise * syllables, RATE_HZ)


if __name__ == "__main__":
    main()
