"""NeMo's way to write mels: a table `preprocessor` in model_config.yaml."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from vocolab.mels.conventions import convention
from vocolab.mels.spec import MelSpec
from vocolab_dialects.values import Config, number, refuse, table, whole

_EXPRESSIBLE: dict[str, tuple[Any, ...]] = {
    "log": (True,), "log_zero_guard_type": ("clamp",), "window": ("hann",), "normalize": (None, ""),
    "preemph": (None, 0, 0.0), "mel_norm": ("slaney",), "frame_splicing": (1,),
}


def has_preprocessor(config: Config) -> bool:
    """Whether a config states mels in this way."""
    return bool(table(config, "preprocessor"))


def nemo_mels(config: Config, n_mels: int) -> MelSpec:
    """The convention that a preprocessor states.

    Raises:
        CheckpointError: if it has what no convention can express.
    """
    values = table(config, "preprocessor")
    base = convention("nemo-22k")
    refuse(values, _EXPRESSIBLE, "a mel convention has (name one with --mel-spec to go on)")
    rate = whole(values, "sample_rate", base.sample_rate)
    win = whole(values, "n_window_size", round(number(values, "window_size", 0.0) * rate) or base.win_samples)
    hop = whole(values, "n_window_stride", round(number(values, "window_stride", 0.0) * rate) or base.hop_samples)
    return replace(
        base, sample_rate=rate, n_fft=whole(values, "n_fft", 1 << (win - 1).bit_length()), win_samples=win,
        hop_samples=hop, n_mels=whole(values, "features", n_mels), fmin_hz=number(values, "lowfreq", 0.0),
        fmax_hz=number(values, "highfreq", rate / 2), power=number(values, "mag_power", 1.0),
        clamp=number(values, "log_zero_guard_value", base.clamp),
        padding="hifigan" if values.get("exact_pad") else "center",
    )
