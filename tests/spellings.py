"""Checkpoints in the spellings of public trainers, with their configs in every place: built, converted, rendered.

A case is a folder as `tests/published` has them: a published layout, weights by seed, inputs and what the published
code computes. What surrounds weights and config is made here.
"""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
import yaml
from conformance import arrays, state_dict
from numpy.typing import NDArray
from safetensors.torch import save_file

from vocolab.catalog import Catalog
from vocolab.checkpoints import convert_checkpoint
from vocolab.checkpoints.config_files import read_config
from vocolab.rendering import open_vocoder
from vocolab.voice import Voice

State = dict[str, torch.Tensor]

CASES = (
    "hifigan_v1", "hifigan_v2", "hifigan_v3", "istftnet", "istftnet_20_5", "bigvgan_v1", "bigvgan_v2", "vocos",
    "waveglow", "waveglow_2018", "waveglow_2019", "waveglow_old", "diffwave", "melgan_seungwonpark", "melgan_descript",
    "multiband_melgan", "parallel_wavegan", "univnet_c16", "univnet_c32", "nsf_hifigan", "pc_nsf_hifigan", "hiftnet",
    "hift_22k", "hift_24k",
)
LAYOUTS = {"waveglow_2018": "glow", "waveglow_2019": "glow", "waveglow_old": "glow_old"}
"""What a user has to say of files that can't say it."""
_CONFIGS = ("config.json", "config.yaml", "config.yml", "args.yml", "cosyvoice.yaml", "cosyvoice2.yaml")
_CHANCE_SAMPLES = {"hiftnet": 3072}
"""Where the first samples are decided by rounding; see the cases' README."""


@dataclass(frozen=True, eq=False)
class Case:
    """What a project's files hold, before anybody wraps it."""

    name: str
    folder: Path
    state: State
    config_name: str
    config_text: str

    @property
    def config(self) -> dict[str, Any]:
        """The config as a table, tags of YAML left out."""
        return dict(read_config(self.folder / self.config_name))

    def write(self, folder: Path, spelling: str, place: str) -> Path | None:
        """The checkpoint in `folder`/run; None where this spelling has no such place for a config."""
        run = folder / "run"
        run.mkdir(parents=True)
        content = SPELLINGS[spelling](self.state)
        inside = _INSIDE.get(place)
        if inside is not None:
            if not isinstance(content, dict) or spelling == SAFETENSORS:
                return None
            plain = all(isinstance(value, torch.Tensor) for value in content.values())
            content = {**inside(self.config), **({"weights": content} if plain else content)}
        else:
            _BESIDE[place](run, self)
        if (self.folder / "stats.h5").exists():
            (run / "stats.h5").write_bytes((self.folder / "stats.h5").read_bytes())
        return _saved(content, run, spelling)


@functools.lru_cache(maxsize=4)
def case(folder: Path) -> Case:
    """The case in a folder."""
    config = next(folder / name for name in _CONFIGS if (folder / name).exists())
    layout = json.loads((folder / "layout.json").read_text())
    return Case(folder.name, folder, state_dict(folder, layout), config.name, config.read_text())


# Spellings of the weights


class Whole(torch.nn.Module):
    """A module with these tensors under their names: what `torch.save(model)` pickles."""

    def __init__(self, state: State) -> None:
        super().__init__()
        for name, tensor in state.items():
            parent: torch.nn.Module = self
            *path, leaf = name.split(".")
            for part in path:
                if part not in parent._modules:
                    parent.add_module(part, torch.nn.Module())
                parent = parent._modules[part]  # type: ignore[assignment]
            parent.register_buffer(leaf, tensor)


def under(prefix: str, state: State) -> State:
    """A prefix before every name."""
    return {prefix + name: tensor for name, tensor in state.items()}


def raw(state: State) -> State:
    """Weights of which `state` could be the running average: others of the same shapes."""
    return {name: tensor * 0.9 if tensor.is_floating_point() else tensor for name, tensor in state.items()}


def parametrized(state: State) -> State:
    """Weight norm as torch has it since 2.0."""
    ends = {"weight_g": "parametrizations.weight.original0", "weight_v": "parametrizations.weight.original1"}
    return {_ended(name, ends): tensor for name, tensor in state.items()}


def _ended(name: str, ends: dict[str, str]) -> str:
    head, _, leaf = name.rpartition(".")
    return f"{head}.{ends[leaf]}" if leaf in ends else name


def folded(state: State) -> State:
    """Weight norm multiplied out."""
    plain: State = {}
    for name, tensor in state.items():
        for gain, direction in (("weight_g", "weight_v"), ("original0", "original1")):
            if name.endswith(f".{direction}"):
                base = name.removesuffix(f".{direction}").removesuffix(".parametrizations.weight")
                norm = tensor.flatten(1).norm(dim=1).view(-1, *[1] * (tensor.dim() - 1))
                plain[f"{base}.weight"] = state[name.removesuffix(direction) + gain] * tensor / norm
                break
            if name.endswith(f".{gain}"):
                break
        else:
            plain[name] = tensor
    return plain


SAFETENSORS = "safetensors"
SPELLINGS: dict[str, Callable[[State], Any]] = {
    "bare": dict,
    "`generator`": lambda state: {"generator": state, "steps": 1},
    "`model.generator`": lambda state: {"model": {"generator": state}, "steps": 1},
    "`model_g`": lambda state: {"model_g": state, "step": 1},
    "Lightning, `net_g.`": lambda state: {"state_dict": under("net_g.", state), "epoch": 1, "optimizer_states": []},
    "`module.`": lambda state: under("module.", state),
    "`vocoder.`": lambda state: {"model": under("vocoder.", state)},
    "a prefix of nobody's": lambda state: {"weights": under("our_net.", state)},
    "`ema` beside raw": lambda state: {"generator": raw(state), "ema": state},
    "`ema_model.` beside `model.`": lambda state: {
        "state_dict": {**under("model.", raw(state)), **under("ema_model.", state)}
    },
    "`generator.` beside `discriminator.`": lambda state: {
        "state_dict": {**under("generator.", state), "discriminator.mpd.0.weight_g": torch.ones(4, 1, 1)}
    },
    "norm parametrized": parametrized,
    "norm folded": folded,
    "whole module": Whole,
    SAFETENSORS: dict,
}


def _saved(content: Any, folder: Path, spelling: str) -> Path:
    path = folder / ("checkpoint.safetensors" if spelling == SAFETENSORS else "checkpoint.pt")
    if spelling == SAFETENSORS:
        save_file({name: tensor.contiguous() for name, tensor in content.items()}, path)
    else:
        torch.save(content, path)
    return path


# Places of the config


def _written(name: str) -> Callable[[Path, Case], object]:
    return lambda run, case: (run / name).write_text(yaml.safe_dump(case.config))


_BESIDE: dict[str, Callable[[Path, Case], object]] = {
    "beside": lambda run, case: (run / case.config_name).write_text(case.config_text),
    "`hparams.yaml`": _written("hparams.yaml"),
    "one folder up": lambda run, case: (run.parent / case.config_name).write_text(case.config_text),
}
_INSIDE: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "`config` inside": lambda config: {"config": config},
    "`hyper_parameters` inside": lambda config: {"hyper_parameters": config},
    "`hp_str` inside": lambda config: {"hp_str": yaml.safe_dump(config)},
}
PLACES = (*_BESIDE, *_INSIDE)


# What comes of them


class Differences:
    """How far conversions are from what published code computes. Equal voices are rendered once."""

    def __init__(self) -> None:
        self._known: dict[str, float] = {}
        self._catalog = Catalog.installed(no_plugins=True)

    def of(self, case: Case, path: Path) -> float:
        """The largest difference of any sample.

        Raises:
            VocolabError: if the checkpoint is refused.
        """
        voice = convert_checkpoint(self._catalog, path, layout=LAYOUTS.get(case.name)).voice
        key = case.name + _digest(voice)
        if key not in self._known:
            voice.save(path.parent / "voice.safetensors")
            opened = open_vocoder(self._catalog, voice=path.parent / "voice.safetensors", refine=0)
            self._known[key] = _difference(case, opened.vocoder)
        return self._known[key]


def _digest(voice: Voice) -> str:
    digest = hashlib.sha256(repr((voice.model, voice.config, voice.mel_spec)).encode())
    for name in sorted(voice.tensors):
        digest.update(name.encode())
        digest.update(np.ascontiguousarray(voice.tensors[name]).tobytes())
    return digest.hexdigest()


def _difference(case: Case, component: Any) -> float:
    data = arrays(case.folder)
    mel, inputs = data["mel"], _inputs(data)
    if "mean" in data:
        mel = ((mel - data["mean"][:, None]) / data["scale"][:, None]).astype(np.float32)
    names = ("audio_unpadded", "audio_sigma0.6", "audio_fast", "audio")
    expected: NDArray[np.float32] = data[next(key for key in names if key in data)].ravel()
    first = _CHANCE_SAMPLES.get(case.name, 0)
    rendered = component.render(mel, **inputs)[: expected.size]
    return float(np.abs(rendered - expected)[first:].max())


def _inputs(data: dict[str, Any]) -> dict[str, Any]:
    """What models draw, as the published code drew it."""
    if "noise_0" in data:
        return {"latent": np.concatenate([data["noise_1"], data["noise_0"]]).T.ravel() * np.float32(0.6)}
    if "noise_fast" in data:
        return {"noise": data["noise_fast"]}
    if "source" in data:
        return {"source": data["source"]}
    if "noise" in data:
        frames = data["mel"].shape[1]
        return {"noise": data["noise"][..., :frames] if data["noise"].ndim == 2 else data["noise"]}
    return {}
