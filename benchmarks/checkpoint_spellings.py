"""Every family in every spelling, its config in every place: converted, rendered, held against published outputs.

    PYTHONPATH=tests python benchmarks/checkpoint_spellings.py ../shared/conformance [--write docs/checkpoints.md]

Cases are folders as `tests/published` has them: a published layout, weights by seed, inputs and what the published
code computes. The spellings are made here. What is printed is the table in `docs/checkpoints.md`: the largest error of
a family in any combination of a row's spelling and a column's place, or "refused".
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from conformance import arrays, state_dict

from vocolab.api import convert, vocoder
from vocolab.checkpoints.config_files import read_config
from vocolab.errors import VocolabError

State = dict[str, torch.Tensor]
BEGIN, END = "<!-- spellings: made by benchmarks/checkpoint_spellings.py -->", "<!-- /spellings -->"
CASES = ("hifigan_v1", "hifigan_v3", "istftnet", "istftnet_20_5", "bigvgan_v1", "bigvgan_v2", "vocos", "waveglow",
         "waveglow_2018", "waveglow_2019", "waveglow_old", "melgan_descript", "multiband_melgan", "parallel_wavegan",
         "univnet_c16", "univnet_c32", "nsf_hifigan", "pc_nsf_hifigan", "hiftnet", "hift_22k", "hift_24k")
LAYOUTS = {"waveglow_2018": "glow", "waveglow_2019": "glow", "waveglow_old": "glow_old"}
CONFIGS = ("config.json", "config.yaml", "config.yml", "args.yml", "cosyvoice.yaml", "cosyvoice2.yaml")
CHANCE_SAMPLES = {"hiftnet": 3072}
"""Where the first samples are decided by rounding; see the cases' README."""


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


def under(prefix: str, state: State) -> State:
    """A prefix before every name."""
    return {prefix + name: tensor for name, tensor in state.items()}


SPELLINGS: dict[str, Callable[[State], Any]] = {
    "bare": dict,
    "`{'generator': ...}`": lambda state: {"generator": state},
    "`{'model': {'generator': ...}}`": lambda state: {"model": {"generator": state}, "steps": 1},
    "`model_g`, `step`": lambda state: {"model_g": state, "step": 1},
    "Lightning, `net_g.`": lambda state: {"state_dict": under("net_g.", state), "epoch": 1},
    "`module.`": lambda state: under("module.", state),
    "`ema_model` beside raw weights": lambda state: {
        "generator": {name: tensor * 0.9 for name, tensor in state.items()}, "ema_model": state,
    },
    "weight norm parametrized": parametrized,
    "weight norm folded": folded,
}


def beside(folder: Path, name: str, text: str) -> None:
    """The config in the same folder."""
    (folder / "run" / name).write_text(text)


def above(folder: Path, name: str, text: str) -> None:
    """The config one folder up."""
    (folder / name).write_text(text)


PLACES: dict[str, Callable[[Path, str, str], None] | None] = {"beside": beside, "one folder up": above, "inside": None}


def error_of(case: Path, spelling: Callable[[State], Any], place: Callable[[Path, str, str], None] | None) -> float:
    """The largest difference from the published output.

    Raises:
        VocolabError: if the checkpoint is refused.
    """
    layout = json.loads((case / "layout.json").read_text())
    content = spelling(state_dict(case, layout))
    config = next(case / name for name in CONFIGS if (case / name).exists())
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        (folder / "run").mkdir()
        if place is None:
            content = {"config": dict(read_config(config)), **(content if _nested(content) else {"weights": content})}
        else:
            place(folder, config.name, config.read_text())
        if (case / "stats.h5").exists():
            (folder / "run" / "stats.h5").write_bytes((case / "stats.h5").read_bytes())
        torch.save(content, folder / "run" / "checkpoint.pt")
        conversion = convert(folder / "run" / "checkpoint.pt", layout=LAYOUTS.get(case.name))
        conversion.voice.save(folder / "voice.safetensors")
        return _difference(case, vocoder(voice=folder / "voice.safetensors", refine=0).vocoder)


def _nested(content: dict[str, Any]) -> bool:
    return any(isinstance(value, dict) for value in content.values())


def _difference(case: Path, component: Any) -> float:
    data = arrays(case)
    mel, inputs = data["mel"], {}
    if "mean" in data:
        mel = ((mel - data["mean"][:, None]) / data["scale"][:, None]).astype(np.float32)
    if "noise_0" in data:
        inputs["latent"] = np.concatenate([data["noise_1"], data["noise_0"]]).T.ravel() * np.float32(0.6)
    if "source" in data:
        inputs["source"] = data["source"]
    if "noise" in data:
        inputs["noise"] = data["noise"][..., : mel.shape[1]] if data["noise"].ndim == 2 else data["noise"]
    name = next(key for key in ("audio_unpadded", "audio_sigma0.6", "audio") if key in data)
    expected = data[name].ravel()
    first = CHANCE_SAMPLES.get(case.name, 0)
    rendered = component.render(mel, **inputs)[: expected.size]
    return float(np.abs(rendered - expected)[first:].max())


def cell(cases: Path, case: str, spelling: Callable[[State], Any]) -> str:
    """The largest error over all places of the config, or who was refused."""
    worst, refused = 0.0, []
    for place, put in PLACES.items():
        try:
            worst = max(worst, error_of(cases / case, spelling, put))
        except VocolabError as error:
            refused.append(place)
            print(f"{case}, {place}: {error}", flush=True)
    return f"refused {', '.join(refused)}" if refused else f"{worst:.0e}"


def main() -> None:
    """Print the table, or put it into a document between its two marks."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cases", type=Path)
    parser.add_argument("--only", nargs="*", default=CASES)
    parser.add_argument("--write", type=Path)
    options = parser.parse_args()
    torch.set_num_threads(1)
    rows = ["| case | " + " | ".join(SPELLINGS) + " |", "|---" * (len(SPELLINGS) + 1) + "|"]
    for case in options.only:
        cells = [cell(options.cases, case, spelling) for spelling in SPELLINGS.values()]
        rows.append(f"| `{case}` | " + " | ".join(cells) + " |")
        print(rows[-1], flush=True)
        if options.write:
            text = options.write.read_text()
            head, tail = text[: text.index(BEGIN) + len(BEGIN)], text[text.index(END) :]
            options.write.write_text("\n".join([head, "", *rows, "", tail]))


if __name__ == "__main__":
    main()
