"""Configs beside published checkpoints: every converter, its weights as they should be and its config changed."""

from __future__ import annotations

import functools
import json
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conformance import PUBLISHED, state_dict, wrapped
from mutations import mutated, mutated_values
from target import Target

if TYPE_CHECKING:
    from vocolab.catalog import Catalog
    from vocolab.checkpoints.checkpoint import Checkpoint

_SMALL = ("hifigan_v3", "vocos", "diffwave")
_MODELS = {"bigvgan": "bigvgan", "hifigan": "hifigan", "istftnet": "hifigan", "hift_": "hift", "melgan": "melgan",
           "multiband": "melgan", "nsf": "nsf-hifigan", "parallel": "parallelwavegan", "pc_nsf": "pc-nsf-hifigan",
           "univnet": "univnet", "waveglow": "waveglow"}
"""Whose checkpoints they are, by how the folders' names begin."""
_GIVEN = Path(__file__).parents[3] / "shared" / "conformance"
"""Checkpoints of more families, where they lie beside the checkout."""
_FASTSPEECH2: dict[str, Any] = {
    "preprocess": {"preprocessing": {
        "text": {"language": "en"}, "audio": {"sampling_rate": 22050},
        "stft": {"filter_length": 1024, "hop_length": 256, "win_length": 1024},
        "mel": {"n_mel_channels": 80, "mel_fmin": 0, "mel_fmax": 8000},
        "pitch": {"feature": "phoneme_level", "normalization": True},
        "energy": {"feature": "phoneme_level", "normalization": True},
    }},
    "model": {
        "transformer": {"encoder_layer": 1, "encoder_head": 2, "encoder_hidden": 4, "decoder_layer": 1,
                        "decoder_head": 2, "decoder_hidden": 4, "conv_filter_size": 4, "conv_kernel_size": [9, 1]},
        "variance_predictor": {"filter_size": 4, "kernel_size": 3}, "variance_embedding": {"n_bins": 4},
    },
    "stats": {"pitch": [-2.0, 8.0, 200.0, 50.0], "energy": [-1.0, 8.0, 30.0, 20.0]},
}


@functools.cache
def _catalog() -> Catalog:
    from vocolab.catalog import Catalog

    return Catalog.installed(no_plugins=True)


@functools.cache
def _published(folder: Path) -> Checkpoint:
    """A checkpoint of published code, opened."""
    from vocolab.checkpoints.checkpoint import Checkpoint

    layout = json.loads((folder / "layout.json").read_text())
    beside = Path(tempfile.mkdtemp())
    for file in folder.glob("stats.*"):
        (beside / file.name).write_bytes(file.read_bytes())
    return Checkpoint(beside / "c.pt", "", wrapped(layout["wrap"], state_dict(folder, layout)))


@functools.cache
def _fastspeech2() -> Checkpoint:
    from vocolab.checkpoints.checkpoint import Checkpoint
    from vocolab_fastspeech2.transformer import TransformerFastSpeech2
    from vocolab_fastspeech2.transformer_config import TransformerConfig

    config = TransformerConfig(dim=4, encoder_layers=1, decoder_layers=1, filter_dim=4, predictor_dim=4, n_bins=4,
                               postnet=False)
    return Checkpoint(Path("c.pt"), "", {"model": TransformerFastSpeech2(config, 80, 1).state_dict()})


def _convert(model: str, checkpoint: Callable[[], Checkpoint]) -> Callable[[Path], Any]:
    def read(path: Path) -> Any:
        from vocolab.checkpoints.config_files import read_config
        from vocolab.checkpoints.conversion import _converted
        from vocolab.checkpoints.recognition import confirmed

        configured = replace(checkpoint(), config=read_config(path), config_path=path)
        return _converted(confirmed(_catalog(), _catalog().models.get(model), configured), None)

    return read


def _target(folder: Path, cost: int) -> Target:
    name = folder.name
    model = next((model for start, model in _MODELS.items() if name.startswith(start)), name)
    config = next(file for pattern in ("*.json", "*.y*ml") for file in sorted(folder.glob(pattern))
                  if file.name != "layout.json")
    change = mutated_values if config.suffix == ".json" else mutated
    read = _convert(model, lambda: _published(folder))
    return Target(config.name, read, lambda: [config.read_bytes()], change, cost)


TARGETS: dict[str, Target] = {
    **{f"converter of {name}": _target(PUBLISHED / name, 4) for name in _SMALL},
    "converter of fastspeech2": Target(
        "c.json", _convert("fastspeech2", _fastspeech2), lambda: [json.dumps(_FASTSPEECH2).encode()], mutated_values, 4
    ),
}
GIVEN: dict[str, Target] = {
    f"converter of {layout.parent.name}": _target(layout.parent, 20) for layout in sorted(_GIVEN.glob("*/layout.json"))
    if layout.parent.name not in (*_SMALL, "fastspeech2")
}
"""Those that are too slow for the tests: `make fuzz` alone tries them."""
