"""Readers of weights and of what lies beside them."""

from __future__ import annotations

import io
import pickle
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from target import Target, call, saved, seed, text_of


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
    from vocolab.checkpoints.inert_pickle import read_pickle

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

TARGETS: dict[str, Target] = {
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
