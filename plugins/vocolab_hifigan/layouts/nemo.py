"""The dialect of NeMo: model_config.yaml with a generator and a preprocessor."""

from __future__ import annotations

from dataclasses import replace

from vocolab.mels.conventions import convention
from vocolab.mels.spec import MelSpec
from vocolab_dialects.keys import refuse_unknown
from vocolab_dialects.nemo import TABLES, has_preprocessor, model_table, nemo_mels
from vocolab_dialects.values import Config, table, unwrapped
from vocolab_hifigan.layouts.dialect import Dialect, Graph, Mels, Weights

_KEYS = ("upsample_rates", "upsample_kernel_sizes", "upsample_initial_channel", "resblock_kernel_sizes",
         "resblock_dilation_sizes")


def _graph(config: Config) -> Graph:
    model = model_table(config)
    refuse_unknown(model, {*TABLES, "generator"}, "model_config.yaml of NeMo's HiFi-GAN")
    values = unwrapped(table(model, "generator"))
    refuse_unknown(values, {*_KEYS, "_target_", "resblock", "initial_input_size", "apply_weight_init_conv_pre"},
                   "the generator of a NeMo config")
    architecture = {key: values[key] for key in _KEYS if key in values}
    return Graph({**architecture, "resblock": str(values["resblock"])} if "resblock" in values else architecture)


def _mels(config: Config, weights: Weights, given: MelSpec | None) -> Mels:
    if given is not None:
        return Mels(given)
    if not has_preprocessor(config):
        spec = replace(convention("nemo-22k"), n_mels=weights.n_mels)
        return Mels(spec, ("mels of the convention nemo-22k: there is no model_config.yaml with a preprocessor",))
    return Mels(*nemo_mels(config, weights.n_mels))


NEMO = Dialect("NeMo", has_preprocessor, _graph, _mels)
