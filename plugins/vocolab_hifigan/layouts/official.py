"""The dialect of jik876/hifi-gan: config.json with its sizes side by side."""

from __future__ import annotations

from vocolab.mels.spec import MelSpec
from vocolab_hifigan.config import HifiGanConfig
from vocolab_hifigan.layouts.dialect import Config, Dialect, Graph, Mels, Weights
from vocolab_hifigan.upsampling import published_mel_spec

_RECIPE = (
    "mels as hifi-gan makes them (ln from 1e-5, Slaney filters, no centring): its config has the sizes and no more"
)


def _graph(config: Config) -> Graph:
    values = {key: config[key] for key in HifiGanConfig.model_fields if key in config}
    values["resblock"] = str(values.get("resblock", "1"))
    return Graph(values)


def _mels(config: Config, weights: Weights, given: MelSpec | None) -> Mels:
    if given is not None:
        return Mels(given)
    return Mels(published_mel_spec(config, n_mels=weights.n_mels), (_RECIPE,))


OFFICIAL = Dialect("hifi-gan", lambda config: "upsample_rates" in config or "sampling_rate" in config, _graph, _mels)
