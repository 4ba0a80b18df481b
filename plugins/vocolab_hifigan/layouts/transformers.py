"""The dialect of transformers: SpeechT5HifiGan and its relatives, statistics of the mels among the weights."""

from __future__ import annotations

from dataclasses import replace

from vocolab.checkpoints import as_arrays
from vocolab.mels.conventions import convention
from vocolab.mels.spec import MelSpec
from vocolab_dialects.keys import refuse_unknown
from vocolab_dialects.values import Config, assumed, named, number, whole
from vocolab_hifigan.layouts.dialect import Dialect, Graph, Mels, Weights

_KEYS = ("upsample_rates", "upsample_kernel_sizes", "upsample_initial_channel", "resblock_kernel_sizes",
         "resblock_dilation_sizes")
_READ = ("model_in_dim", "sampling_rate", "leaky_relu_slope", "normalize_before", "initializer_range", "num_mels",
              "id2label", "label2id")
_DEFAULTS = {"upsample_rates": [4, 4, 4, 4], "upsample_kernel_sizes": [8, 8, 8, 8]}
_SAID = {**_DEFAULTS, "leaky_relu_slope": 0.1, "sampling_rate": 16_000, "normalize_before": True}


def _graph(config: Config) -> Graph:
    refuse_unknown(config, {*_KEYS, *_READ}, "a config of transformers' HiFi-GAN")
    values = {**_DEFAULTS, **{key: config[key] for key in _KEYS if key in config}, "resblock": "1"}
    architecture = {**values, "leaky_relu_slope": number(config, "leaky_relu_slope", 0.1)}
    said = assumed(config, _SAID, "transformers' class") if config else ()
    return Graph(architecture, (), said, named(config, {"model_in_dim": "model_in_dim", "num_mels": "num_mels"}))


def _mels(config: Config, weights: Weights, given: MelSpec | None) -> Mels:
    assumed = "80 to 7600 Hz in log10, n_fft 1024, as SpeechT5's feature extractor makes mels: the config does not say"
    spec = given or replace(
        convention("speecht5-16k"), sample_rate=whole(config, "sampling_rate", 16_000), n_mels=weights.n_mels,
        hop_samples=weights.hop_samples,
    )
    if config.get("normalize_before", True) and {"mean", "scale"} <= set(weights.buffers) and spec.mean is None:
        statistics = as_arrays(weights.buffers, weights.checkpoint.path)
        spec = spec.with_statistics(tuple(statistics["mean"].ravel()), tuple(statistics["scale"].ravel()))
    return Mels(spec, () if given else (assumed,))


TRANSFORMERS = Dialect("transformers", lambda config: "model_in_dim" in config, _graph, _mels, ("transformers",))
