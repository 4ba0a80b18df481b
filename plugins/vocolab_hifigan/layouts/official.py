"""The dialect of jik876/hifi-gan and its relatives: config.json with its sizes, side by side or in tables."""

from __future__ import annotations

from vocolab.mels.spec import MelSpec
from vocolab_dialects.hifigan import RECIPE, SIZE_KEYS, flattened, recipe_mels
from vocolab_dialects.keys import refuse_unknown
from vocolab_dialects.values import Config, refuse
from vocolab_hifigan.config import HifiGanConfig
from vocolab_hifigan.layouts.dialect import Dialect, Graph, Mels, Weights

_READ = frozenset({*HifiGanConfig.model_fields, *SIZE_KEYS, "inter_channels", "in_channels"})
_HEAD = "an inverse STFT of exponential and sine, as iSTFTNet's code has it: its config has sizes"
_ALLOWED = {"gin_channels": (0, None), "n_speakers": (0, 1, None), "cond_channels": (0, None)}


def _graph(config: Config) -> Graph:
    flat = flattened(config)
    refuse_unknown(flat, {*_READ, *_ALLOWED}, "a config of hifi-gan")
    refuse(flat, _ALLOWED, "vocolab's HiFi-GAN has")
    values = {key: flat[key] for key in HifiGanConfig.model_fields if key in flat}
    bands = {key: flat[key] for key in ("in_channels", "inter_channels") if flat.get(key) is not None}
    if "resblock" in values:
        values["resblock"] = str(values["resblock"]).removeprefix("ResBlock")
    if "gen_istft_n_fft" in values:
        return Graph(values, (), (_HEAD,), bands)
    return Graph(values, stated=bands)


def _mels(config: Config, weights: Weights, given: MelSpec | None) -> Mels:
    if given is not None:
        return Mels(given)
    return Mels(recipe_mels(flattened(config), weights.n_mels), (RECIPE,))


def _speaks(config: Config) -> bool:
    flat = flattened(config)
    return "upsample_rates" in flat or "sampling_rate" in flat


OFFICIAL = Dialect("hifi-gan", _speaks, _graph, _mels)
