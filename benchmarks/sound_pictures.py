"""The pictures of docs/sound.md: what recordings, Griffin-Lim and voices make of a fricative and of a vowel.

    python benchmarks/sound_pictures.py --data CORPUS [--clip NAME] [--voice NAME ...] [-o docs]

Writes sound-fricative.png, sound-vowel.png (spectrograms) and sound-repetition.png (autocorrelation of the noise above
4 kHz, over the first 20 of the clips that figures are reported of). Each voice is shown as it recommends; the first one
also with nothing but its refinement. Without --clip it is the first clip that has a long fricative and a long vowel.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch

from vocolab.audio import Audio
from vocolab.bench.clips import validation_clips
from vocolab.catalog import Catalog
from vocolab.corpora.splitting import reporting_half
from vocolab.mels.conventions import convention
from vocolab.mels.extract import extract
from vocolab.metrics.noise import BAND_HZ, band, noise_stretches
from vocolab.pictures.figures import new_figure, save_figure
from vocolab.pitch.periodicity import HOP_SAMPLES, RATE_HZ, track_pitch
from vocolab.postfilters.options import NO_POSTFILTERS
from vocolab.rendering import open_vocoder

SPEC = convention("hifigan-22k")
HOP_S = SPEC.hop_samples / SPEC.sample_rate
SHOWN_S = 0.3
LONGEST_LAG_S = 5 * HOP_S
Way = Callable[[Audio], Audio]


def main() -> None:
    """Draw the pictures of docs/sound.md."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="corpus with validation prompts")
    parser.add_argument("--clip", help="the clip of the spectrograms")
    parser.add_argument("--voice", action="append", help="at 22.05 kHz; the first is the old one")
    parser.add_argument("--clips", type=int, default=20, help="for the autocorrelation")
    parser.add_argument("-o", "--output", type=Path, default=Path("docs"))
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    clips = reporting_half(validation_clips(arguments.data))
    shown = next(clip for clip in clips if clip.stem == arguments.clip or (not arguments.clip and _has_both(clip)))
    ways = _ways(arguments.voice or ["vocos-22k"])
    recording = Audio.load(shown).mono_at(SPEC.sample_rate)
    renderings = {name: way(recording) for name, way in ways.items()}
    for what, middle_s in (("fricative", _fricative_s(recording)), ("vowel", _vowel_s(recording))):
        path = arguments.output / f"sound-{what}.png"
        spectrograms(renderings, middle_s, path)
        print(f"{path}: {shown.stem} at {middle_s:.2f} s")
    path = arguments.output / "sound-repetition.png"
    repetition(ways, clips[: arguments.clips], path)
    print(f"{path}: {min(arguments.clips, len(clips))} clips")


def _ways(voices: list[str]) -> dict[str, Way]:
    """How a recording is made again, by what the pictures call it."""
    catalog = Catalog.installed()
    settings = {
        "Griffin-Lim": ("griffinlim", None, {}),
        f"{voices[0]}, refined only": (None, voices[0], {**NO_POSTFILTERS, "refine": 16}),
        **{name: (None, name, {}) for name in voices},
    }
    ways: dict[str, Way] = {"recording": lambda recording: recording}
    for name, (vocoder, voice, values) in settings.items():
        renderer = open_vocoder(catalog, vocoder, voice, values, None if voice else SPEC)
        ways[name] = lambda recording, renderer=renderer: renderer(extract(recording, renderer.mel_spec))
    return ways


def _has_both(clip: Path) -> bool:
    recording = Audio.load(clip).mono_at(SPEC.sample_rate)
    return _fricative_s(recording) > 0 and _vowel_s(recording) > 0


def _fricative_s(recording: Audio) -> float:
    """The middle of the longest noise-like stretch; 0 where none lasts ten hops."""
    begin_s, end_s = max(noise_stretches(recording, HOP_S), key=lambda s: s[1] - s[0], default=(0.0, 0.0))
    return (begin_s + end_s) / 2 if end_s - begin_s > 10 * HOP_S else 0.0


def _vowel_s(recording: Audio) -> float:
    """The middle of the loudest stretch as long as the picture that is voiced throughout; 0 where there is none."""
    voiced = track_pitch(recording).voiced
    samples = recording.mono_at(RATE_HZ).samples[0]
    powers = np.square(samples[: samples.size // HOP_SAMPLES * HOP_SAMPLES]).reshape(-1, HOP_SAMPLES).mean(axis=1)
    n = round(SHOWN_S * RATE_HZ / HOP_SAMPLES)
    if powers.size < n:
        return 0.0
    loud = np.convolve(powers, np.ones(n), "valid")
    throughout = np.convolve(voiced[: powers.size], np.ones(n), "valid") > n - 0.5
    best = int(np.argmax(loud * throughout))
    return (best + n / 2) * HOP_SAMPLES / RATE_HZ if throughout[best] else 0.0


def spectrograms(renderings: dict[str, Audio], middle_s: float, path: Path) -> None:
    """Side by side, 60 dB deep from the loudest point of the recording, 5.8 ms windows every 0.7 ms.

    The windows are shorter than a hop, so that what repeats with the frames shows as stripes across time.
    """
    figure = new_figure(2.6 * len(renderings), 3.2)
    panels = figure.subplots(1, len(renderings), sharey=True)
    top_db = None
    for panel, (name, audio) in zip(panels, renderings.items(), strict=True):
        start = max(round((middle_s - SHOWN_S / 2) * audio.sample_rate), 0)
        piece = audio.samples[0][start : start + round(SHOWN_S * audio.sample_rate)]
        level_db, highest_hz = _spectrogram_db(piece, audio.sample_rate), audio.sample_rate / 2
        top_db = level_db.max() if top_db is None else top_db
        panel.imshow(level_db, origin="lower", aspect="auto", cmap="magma", vmin=top_db - 60, vmax=top_db,
                     extent=(0, 1000 * SHOWN_S, 0, highest_hz / 1000))
        panel.set_title(name, fontsize=9)
        panel.set_xlabel("ms")
        panel.set_ylim(0, SPEC.sample_rate / 2000)
    panels[0].set_ylabel("kHz")
    save_figure(figure, path, dpi=100)


def _spectrogram_db(samples: np.ndarray, rate_hz: int) -> np.ndarray:
    width, hop = round(0.0058 * rate_hz), round(0.0007 * rate_hz)
    frames = np.lib.stride_tricks.sliding_window_view(samples, width)[::hop] * np.hanning(width)
    return 20 * np.log10(np.abs(np.fft.rfft(frames, 1024)).T + 1e-6)


def repetition(ways: dict[str, Way], clips: list[Path], path: Path) -> None:
    """Autocorrelation of the noise above 4 kHz, the mean over noise-like stretches, with the hops marked."""
    figure = new_figure(9.0, 1.5 * len(ways) + 0.5)
    panels = figure.subplots(len(ways), 1, sharex=True, sharey=True)
    recordings = [Audio.load(clip).mono_at(SPEC.sample_rate) for clip in clips]
    for panel, (name, way) in zip(panels, ways.items(), strict=True):
        curve = np.sum([_autocorrelation(recording, way(recording)) for recording in recordings], axis=0)
        for hop in range(1, 5):
            panel.axvline(1000 * hop * HOP_S, color="0.8", linewidth=1)
        panel.plot(1000 * np.arange(curve.size) / SPEC.sample_rate, curve / curve[0], linewidth=0.7)
        panel.set_ylim(-1, 1)
        panel.set_title(name, fontsize=9, loc="left")
    panels[-1].set_xlabel("ms later (grey: 1 to 4 hops)")
    save_figure(figure, path, dpi=100)


def _autocorrelation(recorded: Audio, rendered: Audio) -> np.ndarray:
    """Summed over the stretches of a clip, each at an RMS of 1, for lags up to five hops."""
    rate_hz = rendered.sample_rate
    lags = round(LONGEST_LAG_S * rate_hz)
    signal, total = band(rendered.samples[0], rate_hz, BAND_HZ), np.zeros(lags)
    for begin_s, end_s in noise_stretches(recorded, HOP_S):
        piece = signal[round(begin_s * rate_hz) : round(end_s * rate_hz)]
        piece = piece / np.sqrt(np.mean(np.square(piece)))
        spectrum = np.abs(np.fft.rfft(piece, 2 * piece.size)) ** 2
        products = np.fft.irfft(spectrum)[:lags]
        unbiased = products[: piece.size] / (piece.size - np.arange(min(lags, piece.size)))
        total[: unbiased.size] += piece.size * unbiased
    return total


if __name__ == "__main__":
    main()
