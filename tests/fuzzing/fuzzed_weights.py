"""Readers of weights and of what lies beside them."""

from __future__ import annotations

import functools
import io
import pickle
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from target import Target, call, saved, seed, text_of

RATE_HZ = 22_050


def _state() -> dict[str, Any]:
    import torch

    return {"generator": {"a.weight": torch.ones(2, 3), "b": torch.arange(3)}, "steps": 5, "names": ("x", [0.1])}


def _torch(new_format: bool) -> Callable[[], list[bytes]]:
    def make() -> list[bytes]:
        import torch

        stream = io.BytesIO()
        torch.save(_state(), stream, _use_new_zipfile_serialization=new_format)
        return [stream.getvalue()]

    return make


def _nemo() -> list[bytes]:
    files = {"model_config.yaml": b"target: x\nsample_rate: 22050\n", "model_weights.ckpt": _torch(True)()[0]}
    found = []
    for mode in ("w", "w:gz"):
        stream = io.BytesIO()
        with tarfile.open(fileobj=stream, mode=mode) as archive:  # type: ignore[call-overload]
            for name, data in files.items():
                member = tarfile.TarInfo(name)
                member.size = len(data)
                archive.addfile(member, io.BytesIO(data))
        found.append(stream.getvalue())
    return found


def _safetensors() -> list[bytes]:
    from safetensors.numpy import save

    return [save({"a": np.ones((2, 3), np.float32)}, metadata={"format": "pt"})]


def _pickles() -> list[bytes]:
    content = {"a": [1, -2, 2**70, 0.5, None, True, "é", b"x"], "b": (1, (2,)), 4: {5, 6}}
    return [*(pickle.dumps(content, protocol) for protocol in (0, 2)), pickle.dumps([content, frozenset({3})], 4)]


def _read_pickle(path: Path) -> Any:
    from vocolab.torch_files.inert_pickle import read_pickle

    return read_pickle(io.BytesIO(path.read_bytes()), lambda identity: str(type(identity)), str(path))


def _voices() -> list[bytes]:
    from vocolab.mels.conventions import convention
    from vocolab.voice import Voice

    voice = Voice("vocos", {"dim": 4}, convention("hifigan-22k"), {"a": np.ones((2, 2), np.float32)}, {"steps": 1})
    return [saved(voice.save, "v.safetensors")]


def _config(as_json: bool) -> Callable[[Path], Any]:
    def read(path: Path) -> Any:
        from vocolab.checkpoints.config_files import parse_config

        return parse_config(text_of(path), str(path), as_json=as_json)

    return read


_read_checkpoint = call("vocolab.checkpoints", "read_checkpoint")

def _hdf5() -> list[bytes]:
    from hdf5_files import hdf5_file

    return [hdf5_file({"mean": np.zeros(3), "scale": np.ones((1, 3))})]


def _beside(path: Path) -> Any:
    """A checkpoint, its config looked for in its folder."""
    from vocolab.checkpoints import open_checkpoint

    weights = path.with_name("weights.pt")
    if not weights.exists():
        weights.write_bytes(_torch(True)()[0])
    return open_checkpoint(weights)


@functools.cache
def _catalog() -> Any:
    from vocolab.catalog import Catalog

    return Catalog.installed(no_plugins=True)


def _named(path: Path) -> Any:
    """Tensors of the names in a text, "name 2 3" a line, looked at by every model that recognises checkpoints."""
    import torch

    from vocolab.checkpoints.checkpoint import Checkpoint
    from vocolab.checkpoints.conversion import _converted
    from vocolab.checkpoints.recognition import recognised

    content = {}
    for line in text_of(path).split("\n")[:300]:
        name, *shape = line.split(" ")
        if not shape:
            continue
        sizes = [int(size) % 300 for size in shape[:4] if size.isascii() and size.isdigit()]
        content[name] = torch.zeros(()).expand(sizes)
    config = {"sampling_rate": RATE_HZ, "n_fft": 1024, "win_size": 1024, "hop_size": 256, "num_mels": 80, "fmin": 0,
              "fmax": 8000, "upsample_rates": [16, 16], "upsample_kernel_sizes": [32, 32], "resblock": "1",
              "upsample_initial_channel": 8, "resblock_kernel_sizes": [3], "resblock_dilation_sizes": [[1, 3]]}
    checkpoint = Checkpoint(path, "", content, config, path)
    return _converted(recognised(_catalog(), checkpoint), None)


def _named_seed() -> list[bytes]:
    from tiny_voices import voice

    tensors = voice("hifigan").tensors
    return ["".join(f"{name} {' '.join(map(str, array.shape))}\n" for name, array in tensors.items()).encode()]


def _stats(path: Path) -> Any:
    """Statistics beside a ParallelWaveGAN."""
    from vocolab.checkpoints.checkpoint import Checkpoint
    from vocolab_dialects.parallelwavegan import statistics_of

    return statistics_of(Checkpoint(path.with_name("c.pt"), "", {}), {})


def _stats_seed() -> list[bytes]:
    stream = io.BytesIO()
    np.save(stream, np.ones((2, 3), np.float32))
    return [stream.getvalue()]


def _onnx_description(path: Path) -> Any:
    from vocolab.onnx_export.graph import read_description

    return read_description(dict(line.partition("=")[::2] for line in text_of(path).split("\n")))


TARGETS: dict[str, Target] = {
    "statistics beside weights": Target("stats.npy", _stats, _stats_seed),
    "voice described": Target("v.safetensors", call("vocolab.cli.voice_facts", "voice_facts"), _voices),
    "inspected": Target("v.safetensors", call("vocolab.cli.inspect", "kind_of"), _voices),
    "description of a graph": Target("d.txt", _onnx_description, seed('a={"b": [1, 2]}\nc=text\n')),
    "hdf5": Target("stats.h5", call("vocolab_dialects.hdf5", "read_arrays"), _hdf5),
    "config beside weights": Target("config.json", _beside, seed('{"hop_size": 256, "a": "${hop_size}", "b": [1]}')),
    "names of tensors": Target("names.txt", _named, _named_seed, cost=2),
    "torch zip": Target("c.pt", _read_checkpoint, _torch(True)),
    "torch legacy": Target("c.pth", _read_checkpoint, _torch(False)),
    "nemo": Target("c.nemo", call("vocolab.checkpoints", "open_checkpoint"), _nemo),
    "safetensors": Target("c.safetensors", _read_checkpoint, _safetensors),
    "pickle": Target("p.pkl", _read_pickle, _pickles),
    "config json": Target("c.json", _config(True), seed('{"a": [1, 2.5, "x", null, true], "b": {"c": -1e3}}')),
    "config yaml": Target("c.yaml", _config(False), seed(
        "a: &x {b: 1, c: [2, 3]}\nd: {<<: *x, e: !new:f.G 4}\nf: 2001-01-01\ng: 1:30\nh: |\n  text\n1: yes\n")),
    "voice": Target("v.safetensors", call("vocolab.voice", "Voice.load"), _voices),
}
