"""Every reader of vocolab as a function of bytes, and the smallest good file of its kind to begin from.

A reader gives what it read, or raises a `VocolabError`; whatever else it raises is a hole.
"""

from __future__ import annotations

import contextlib
import functools
import io
import json
import os
import pickle
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from tag_seeds import JPEG, mpeg4, old_id3, read_ffmetadata, read_file_tags, tagged

from vocolab.errors import VocolabError

RATE_HZ = 22_050


@dataclass(frozen=True)
class Target:
    """One reader."""

    file: str
    """What the file is called: some readers go by suffixes."""
    read: Callable[[Path], Any]
    seeds: Callable[[], list[bytes]]
    """The smallest good files; each has to be read without an error."""


def check(target: Target, data: bytes, folder: Path) -> bool:
    """Give one file to a reader, and whether it was read; raises whatever is no `VocolabError`."""
    path = folder / target.file
    path.write_bytes(data)
    try:
        with contextlib.redirect_stderr(io.StringIO()):
            target.read(path)
    except VocolabError as error:
        assert len(str(error)) < 100_000
        return False
    return True


@contextmanager
def without_ffmpeg() -> Iterator[None]:
    """No process is started for each file that is no audio."""
    before = os.environ.get("PATH", "")
    os.environ["PATH"] = ""
    try:
        yield
    finally:
        os.environ["PATH"] = before


# What the readers read


def _mel_values() -> np.ndarray:
    return np.linspace(-2, -9, 80, dtype=np.float32)[:, None] + np.zeros((80, 12), np.float32)


def _saved(save: Callable[[Path], Any], name: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        save(Path(folder) / name)
        return (Path(folder) / name).read_bytes()


def _mels(suffix: str) -> Callable[[], list[bytes]]:
    def make() -> list[bytes]:
        from vocolab.mels.conventions import convention
        from vocolab.mels.mel import Mel

        spec = convention("hifigan-22k")
        f0 = np.full(12, 120.0, np.float32)
        mels = [Mel(_mel_values(), spec)] + ([] if suffix == ".npy" else [Mel(_mel_values(), spec, f0)])
        return [_saved(mel.save, f"m{suffix}") for mel in mels]

    return make


def _statistics() -> list[bytes]:
    rows, archive = io.BytesIO(), io.BytesIO()
    np.save(rows, np.ones((2, 80), np.float32))
    np.savez(archive, mean=np.zeros(80), scale=np.ones(80))
    return [rows.getvalue(), archive.getvalue()]


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
    return [_saved(voice.save, "v.safetensors")]


def _audio(suffix: str, **form: Any) -> Callable[[], list[bytes]]:
    def make() -> list[bytes]:
        from vocolab.audio import Audio
        from vocolab.files.tags import Tags

        tone = Audio.mono(0.1 * np.sin(np.arange(2_400) * 0.05, dtype=np.float32), 24_000)
        return [_saved(lambda path: tone.save(path, tags=Tags(title="A title"), **form), f"a{suffix}")]

    return make


def _read_audio(path: Path) -> int:
    from vocolab.files.reader import open_audio

    with without_ffmpeg():
        return sum(block.shape[1] for block in open_audio(path).blocks())


@functools.cache
def _catalog() -> Any:
    from vocolab.catalog import Catalog

    return Catalog.installed(no_plugins=True)


def _read_preset(path: Path) -> Any:
    from vocolab.chain.presets import check_preset

    return check_preset(path, _catalog())


def _read_configuration(path: Path) -> Any:
    from vocolab.configuration import config

    before = os.environ.get("VOCOLAB_CONFIG")
    os.environ["VOCOLAB_CONFIG"] = str(path)
    try:
        return config()
    finally:
        if before is None:
            del os.environ["VOCOLAB_CONFIG"]
        else:
            os.environ["VOCOLAB_CONFIG"] = before


def _call(module: str, name: str, *others: Any, folder: bool = False) -> Callable[[Path], Any]:
    """A function of vocolab that takes a path, imported when it is called."""

    def read(path: Path) -> Any:
        from importlib import import_module

        found: Any = import_module(module)
        for part in name.split("."):
            found = getattr(found, part)
        return found(path.parent if folder else path, *others)

    return read


def _config(as_json: bool) -> Callable[[Path], Any]:
    def read(path: Path) -> Any:
        from vocolab.checkpoints.config_files import parse_config

        return parse_config(path.read_bytes().decode("utf-8", "replace"), str(path), as_json=as_json)

    return read


def _text(module: str, name: str) -> Callable[[Path], Any]:
    def read(path: Path) -> Any:
        from importlib import import_module

        return getattr(import_module(module), name)(path.read_bytes().decode("utf-8", "replace"))

    return read


def _journal(path: Path) -> Any:
    from vocolab.corpora.prepared import Record

    return [Record.from_line(line) for line in path.read_bytes().decode("utf-8", "replace").split("\n")]


def _journal_seed() -> list[bytes]:
    from vocolab.corpora.prepared import Record

    return [Record("a", "wavs/a.wav 1 2; 22050 Hz", problem="no").to_line().encode()]


def _prepared(path: Path) -> Any:
    from vocolab.corpora.prepared import prepared_state

    (path.parent / "clips.jsonl").touch()
    return prepared_state(path.parent)


def _prepared_seed() -> list[bytes]:
    from vocolab.mels.conventions import convention

    state = {"format": 1, "sample_rate_hz": RATE_HZ, "mel_spec": convention("hifigan-22k").to_dict()}
    return [json.dumps(state).encode()]


def _convention_seed() -> list[bytes]:
    from vocolab.mels.convention_files import to_toml
    from vocolab.mels.conventions import convention

    return [to_toml(convention("hifigan-22k"), family="x", summary="y").encode()]


def _preset_seed() -> list[bytes]:
    return [b'format = 1\nsummary = "s"\n[target]\nintegrated_lufs = -19\n'
            b'[[effects]]\nuse = "highpass"\ncutoff_hz = 80\n[[effects]]\nuse = "limiter"\n[output]\nbit_depth = 24\n']


def _recipe_seed() -> list[bytes]:
    return [b'format = 1\nsummary = "s"\nmel_spec = "hifigan-22k"\n[model]\ndim = 4\n'
            b"[optimizer]\nsteps = 5\nbatch = 2\nsegment_frames = 16\nlearning_rate = 5e-4\n"]


def _seed(*texts: str) -> Callable[[], list[bytes]]:
    return lambda: [text.encode() for text in texts]


_read_checkpoint = _call("vocolab.checkpoints", "read_checkpoint")
_examine = _call("vocolab.mels.examine", "examine_file")

TARGETS: dict[str, Target] = {
    "mel npy": Target("m.npy", _examine, _mels(".npy")),
    "mel npz": Target("m.npz", _examine, _mels(".npz")),
    "mel safetensors": Target("m.safetensors", _examine, _mels(".safetensors")),
    "statistics": Target("s.npz", _call("vocolab.mels.statistics", "read_statistics", 80), _statistics),
    "convention": Target("c.toml", _call("vocolab.mels.convention_files", "read_convention"), _convention_seed),
    "torch zip": Target("c.pt", _read_checkpoint, _torch(True)),
    "torch legacy": Target("c.pth", _read_checkpoint, _torch(False)),
    "nemo": Target("c.nemo", _call("vocolab.checkpoints", "open_checkpoint"), _nemo),
    "safetensors": Target("c.safetensors", _read_checkpoint, _safetensors),
    "pickle": Target("p.pkl", _read_pickle, _pickles),
    "config json": Target("c.json", _config(True), _seed('{"a": [1, 2.5, "x", null, true], "b": {"c": -1e3}}')),
    "config yaml": Target("c.yaml", _config(False), _seed(
        "a: &x {b: 1, c: [2, 3]}\nd: {<<: *x, e: !new:f.G 4}\nf: 2001-01-01\ng: 1:30\nh: |\n  text\n1: yes\n")),
    "voice": Target("v.safetensors", _call("vocolab.voice", "Voice.load"), _voices),
    "audio wav": Target("a.wav", _read_audio, _audio(".wav")),
    "audio float wav": Target("f.wav", _read_audio, _audio(".wav", bit_depth=32)),
    "audio flac": Target("a.flac", _read_audio, _audio(".flac")),
    "audio ogg": Target("a.ogg", _read_audio, _audio(".ogg")),
    "audio opus": Target("a.opus", _read_audio, _audio(".opus")),
    "audio mp3": Target("a.mp3", _read_audio, _audio(".mp3")),
    **{f"tags {suffix}": Target(f"a.{suffix}", read_file_tags, tagged(f".{suffix}"))
       for suffix in ("wav", "flac", "ogg", "opus", "mp3")},
    "tags of audio": Target("a.flac", _read_audio, tagged(".flac")),
    "tags in old ID3": Target("a.mp3", read_file_tags, old_id3),
    "tags by ffmpeg": Target("a.m4a", read_ffmetadata, mpeg4),
    "cover": Target("c.jpg", _call("vocolab.files.tags.pictures", "read_cover"), lambda: [JPEG]),
    "preset": Target("p.toml", _read_preset, _preset_seed),
    "recipe": Target("r.toml", _call("vocolab.training.recipe", "read_recipe"), _recipe_seed),
    "configuration": Target("config.toml", _read_configuration, _seed(
        '[defaults]\nvoice = "vocos-22k"\ndevice = "cpu"\n[plugins]\noff = ["x"]\n[paths]\nvst3 = ["/opt/vst3"]\n')),
    "corpus metadata": Target("metadata.csv", _call("vocolab.corpora.folder", "read_metadata", folder=True), _seed(
        "a|text a\nb.wav|text b|the text b\nc|text|1.25\n")),
    "corpus journal": Target("clips.jsonl", _journal, _journal_seed),
    "corpus state": Target("corpus.json", _prepared, _prepared_seed),
    "notes of done files": Target("vocolab-done.json", _call("vocolab.delivery.resume", "_read"), _seed(
        '{"a.wav": {"made_of": "0", "is": [1, 2]}}')),
    "text plain": Target("t.txt", _text("vocolab.texts.plain", "read_plain"), _seed("Dr. Smith paid $5.\n\nTwo.")),
    "text ssml": Target("t.xml", _text("vocolab.texts.ssml", "read_ssml"), _seed(
        '<speak>One <break time="1s"/><prosody rate="slow" pitch="+2st">two</prosody> '
        '<say-as interpret-as="date">2001-01-01</say-as> &amp; <!-- c --><![CDATA[x]]></speak>')),
    "text markdown": Target("t.md", _text("vocolab.texts.markdown", "read_markdown"), _seed(
        "# Head\n\n* one **two** `three`\n\n> [four](http://x) ![five](y)\n\n```py\nsix\n```\n| a | b |\n|---|---|\n")),
    "text messages": Target("t.json", _text("vocolab.texts.messages", "read_messages"), _seed(
        '[{"role": "assistant", "content": [{"type": "text", "text": "One \\u00e9 **two**"}]}]')),
    "rules": Target("rules.txt", _call("vocolab.texts.user_words", "read_rules"), _seed("C++ => C plus plus # c\n")),
}
