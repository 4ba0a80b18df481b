"""What examining a plugin's output costs: the CPU time of the guards against that of a render.

    python benchmarks/guards.py
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

import vocolab
from vocolab.guarding import Origin, checked_samples, read_only, running
from vocolab.guarding.arrays import first_not_finite

FRAMES = 512
ORIGIN = Origin("bench", "vocoder", "vocolab-bench", "0")


def best_s(work: Callable[[], object], times: int, rounds: int = 5) -> float:
    """CPU seconds of one call, the best of some rounds."""
    found = []
    for _ in range(rounds):
        started = time.process_time()
        for _ in range(times):
            work()
        found.append((time.process_time() - started) / times)
    return min(found)


def guards(mel: np.ndarray, samples: np.ndarray) -> None:
    """What is done around one call of `render`."""
    with running(ORIGIN):
        read_only(mel)
    checked_samples(samples, samples.shape, ORIGIN, "")
    first_not_finite(samples)


def main() -> None:
    """Print one line for each vocoder."""
    noise = np.random.default_rng(0).normal(0, 0.05, FRAMES * 256).astype(np.float32)
    for name in ("griffinlim", "vocos", "harmonic", "hifigan"):
        renderer = vocolab.vocoder(name, **({"mel_spec": "hifigan-22k"} if name == "griffinlim" else {}))
        mel = vocolab.mel(vocolab.Audio.mono(noise, renderer.sample_rate), renderer.mel_spec)
        samples = np.zeros(mel.frames * mel.spec.hop_samples, np.float32)
        render_s = best_s(lambda renderer=renderer, mel=mel: renderer(mel), 1, 3)
        guard_s = best_s(lambda mel=mel, samples=samples: guards(mel.values, samples), 200)
        print(f"{name}: {mel.frames} frames, render {render_s * 1e3:.1f} ms, guards {guard_s * 1e6:.0f} us, "
              f"{guard_s / render_s:.3%}")


if __name__ == "__main__":
    main()
