"""The mel conventions that published vocoders were trained on, by name."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

from vocolab.errors import UnknownName
from vocolab.mels.spec import MelSpec


@dataclass(frozen=True)
class Convention:
    """A mel convention that has a name."""

    name: str
    family: str
    """The project that its vocoders come from."""
    summary: str
    """One line, without a full stop at its end."""
    spec: MelSpec


_HIFIGAN = MelSpec(sample_rate=22_050, magnitude_eps=1e-9)
_BIGVGAN_24K = replace(_HIFIGAN, sample_rate=24_000, n_mels=100, fmax_hz=12_000)
_BIGVGAN_44K = replace(_HIFIGAN, sample_rate=44_100, n_fft=2048, win_samples=2048, hop_samples=512, n_mels=128,
                       fmax_hz=22_050)
_TACOTRON2 = MelSpec(sample_rate=22_050, padding="center")
_PWG = MelSpec(sample_rate=22_050, padding="center", fmin_hz=80, fmax_hz=7600, log_base="10", clamp=1e-10)
# 20 log10(x) - 20 dB, and then -100 dB ... 0 dB as 0 ... 1.
_DIFFWAVE = MelSpec(sample_rate=22_050, padding="center", fmin_hz=20, fmax_hz=11_025, mel_scale="htk",
                    filter_norm="none", spectrum_scale="window", log_base="10", log_gain=0.2, log_offset=0.8,
                    clip=(0.0, 1.0))
_VOCOS = MelSpec(sample_rate=24_000, padding="center", n_mels=100, fmax_hz=12_000, mel_scale="htk",
                 filter_norm="none", clamp=1e-7)
# The mel loss of GAN vocoders looks at all of 48 kHz; so does this.
_STUDIO = MelSpec(sample_rate=48_000, n_fft=2048, win_samples=2048, hop_samples=512, n_mels=128, fmax_hz=24_000,
                  magnitude_eps=1e-9)

# Where two names mean the same numbers, the first is what `convention_name` gives.
_CONVENTIONS = {
    convention.name: convention
    for convention in (
        Convention("hifigan-22k", "HiFi-GAN", "80 bands to 8 kHz, ln; HiFi-GAN V1 to V3, BigVGAN fmax8k", _HIFIGAN),
        Convention("bigvgan-22k", "BigVGAN", "80 bands to 11025 Hz, ln; BigVGAN v2 22 kHz",
                   replace(_HIFIGAN, fmax_hz=11_025)),
        Convention("bigvgan-24k", "BigVGAN", "100 bands to 12 kHz at 24 kHz, ln", _BIGVGAN_24K),
        Convention("bigvgan-44k", "BigVGAN", "128 bands to 22050 Hz at 44.1 kHz, hop 512, ln", _BIGVGAN_44K),
        Convention("bigvgan-44k-256", "BigVGAN", "128 bands to 22050 Hz at 44.1 kHz, hop 256, ln",
                   replace(_BIGVGAN_44K, n_fft=1024, win_samples=1024, hop_samples=256)),
        Convention("tacotron2-22k", "WaveGlow", "80 bands to 8 kHz, ln, centred; Tacotron 2, FastSpeech2, WaveGlow",
                   _TACOTRON2),
        Convention("speechbrain-22k", "SpeechBrain", "80 bands to 8 kHz, ln, centred; SpeechBrain's HiFi-GAN",
                   _TACOTRON2),
        Convention("nemo-22k", "NeMo", "80 bands to 8 kHz, ln, symmetric Hann window; NeMo's HiFi-GAN",
                   MelSpec(sample_rate=22_050, window="hann-symmetric")),
        Convention("melgan-22k", "MelGAN", "80 bands to 11025 Hz, log10; MelGAN by Descript",
                   MelSpec(sample_rate=22_050, fmax_hz=11_025, log_base="10")),
        Convention("diffwave-22k", "DiffWave", "80 bands of 20 to 11025 Hz, decibels as 0 to 1; DiffWave by LMNT",
                   _DIFFWAVE),
        Convention("vocos-24k", "Vocos", "100 bands to 12 kHz at 24 kHz, HTK, ln from 1e-7; Vocos", _VOCOS),
        Convention("pwg-22k", "ParallelWaveGAN", "80 bands of 80 to 7600 Hz, log10, before normalisation; LJSpeech",
                   _PWG),
        Convention("pwg-24k", "ParallelWaveGAN", "80 bands of 80 to 7600 Hz at 24 kHz, hop 300, log10, not normalised",
                   replace(_PWG, sample_rate=24_000, n_fft=2048, win_samples=1200, hop_samples=300)),
        Convention("speecht5-16k", "SpeechT5", "80 bands of 80 to 7600 Hz at 16 kHz, log10; SpeechT5's HiFi-GAN",
                   replace(_PWG, sample_rate=16_000)),
        Convention("studio-48k", "vocolab", "128 bands to 24 kHz at 48 kHz, hop 512, ln", _STUDIO),
    )
}


def convention_names() -> list[str]:
    """All names, families side by side."""
    return list(_CONVENTIONS)


def conventions() -> list[Convention]:
    """All conventions, in the order of `convention_names`."""
    return list(_CONVENTIONS.values())


def convention(name: str) -> MelSpec:
    """The convention of that name.

    Raises:
        UnknownName: with the nearest name there is.
    """
    try:
        return _CONVENTIONS[name].spec
    except KeyError:
        raise UnknownName("mel convention", name, convention_names()) from None


def convention_name(spec: MelSpec) -> str | None:
    """The name of a convention whose every field is that of `spec`, or None."""
    return next((name for name, known in _CONVENTIONS.items() if known.spec == spec), None)


def nearest_convention(spec: MelSpec) -> tuple[str, tuple[str, ...]]:
    """The name of the convention that has most of its fields from `spec`, and the fields in which the two differ."""
    names = [field.name for field in fields(MelSpec)]
    differing = {
        name: tuple(field for field in names if getattr(known.spec, field) != getattr(spec, field))
        for name, known in _CONVENTIONS.items()
    }
    name = min(differing, key=lambda name: len(differing[name]))
    return name, differing[name]


def spelled(spec: MelSpec) -> str:
    """A convention in a message: its name, or what stands out of it."""
    name = convention_name(spec)
    if name:
        return name
    bare = replace(spec, mean=None, scale=None)
    if name := convention_name(bare):
        return f"{name}, normalised per band"
    return (f"{spec.n_mels} bands of {spec.fmin_hz:g} to {spec.fmax_hz:g} Hz at {spec.sample_rate} Hz, "
            f"hop {spec.hop_samples}")
