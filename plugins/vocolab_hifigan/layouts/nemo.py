"""The dialect of NeMo: model_config.yaml with a generator and a preprocessor."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from vocolab.mels.conventions import convention
from vocolab.mels.spec import MelSpec
from vocolab_hifigan.layouts.dialect import Config, Dialect, Graph, Mels, Weights, number, refuse, table, whole

_KEYS = ("upsample_rates", "upsample_kernel_sizes", "upsample_initial_channel", "resblock_kernel_sizes",
         "resblock_dilation_sizes")
_EXPRESSIBLE: dict[str, tuple[Any, ...]] = {
    "log": (True,), "log_zero_guard_type": ("clamp",), "window": ("hann",), "normalize": (None, ""),
    "preemph": (None, 0, 0.0), "mel_norm": ("slaney",), "frame_splicing": (1,),
}
_REFERENCE = re.compile(r"\$\{([\w.]+)\}")


def _graph(config: Config) -> Graph:
    values = _resolved(table(config, "generator"), config)
    architecture = {key: values[key] for key in _KEYS if key in values}
    return Graph({**architecture, "resblock": str(values.get("resblock", 1))})


def _mels(config: Config, weights: Weights, given: MelSpec | None) -> Mels:
    if given is not None:
        return Mels(given)
    values = _resolved(table(config, "preprocessor"), config)
    base = convention("nemo-22k")
    if not values:
        spec = replace(base, n_mels=weights.n_mels)
        return Mels(spec, ("mels of the convention nemo-22k: there is no model_config.yaml with a preprocessor",))
    refuse(values, _EXPRESSIBLE, "a mel convention has (name one with --mel-spec to go on)")
    rate = whole(values, "sample_rate", base.sample_rate)
    win = whole(values, "n_window_size", round(number(values, "window_size", 0.0) * rate) or base.win_samples)
    hop = whole(values, "n_window_stride", round(number(values, "window_stride", 0.0) * rate) or base.hop_samples)
    spec = replace(
        base, sample_rate=rate, n_fft=whole(values, "n_fft", 1 << (win - 1).bit_length()), win_samples=win,
        hop_samples=hop, n_mels=whole(values, "features", weights.n_mels), fmin_hz=number(values, "lowfreq", 0.0),
        fmax_hz=number(values, "highfreq", rate / 2), power=number(values, "mag_power", 1.0),
        clamp=number(values, "log_zero_guard_value", base.clamp),
        padding="hifigan" if values.get("exact_pad") else "center",
    )
    return Mels(spec)


def _resolved(values: Config, config: Config) -> dict[str, Any]:
    """The table with references like `${sample_rate}` followed, one level deep."""
    return {key: _followed(value, config) for key, value in values.items()}


def _followed(value: Any, config: Config) -> Any:
    match = _REFERENCE.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        return value
    found: Any = config
    for key in match[1].split("."):
        found = found.get(key) if isinstance(found, Mapping) else None
    return found


NEMO = Dialect("NeMo", lambda config: "preprocessor" in config and "generator" in config, _graph, _mels)
