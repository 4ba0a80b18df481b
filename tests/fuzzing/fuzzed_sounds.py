"""Readers of audio and of mels."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from tag_seeds import JPEG, mpeg4, old_id3, read_ffmetadata, read_file_tags, tagged
from target import Target, call, saved, seed, variable


def _mel_values() -> np.ndarray:
    return np.linspace(-2, -9, 80, dtype=np.float32)[:, None] + np.zeros((80, 12), np.float32)


def _mels(suffix: str) -> Callable[[], list[bytes]]:
    def make() -> list[bytes]:
        from vocolab.mels.conventions import convention
        from vocolab.mels.mel import Mel

        spec = convention("hifigan-22k")
        f0 = np.full(12, 120.0, np.float32)
        mels = [Mel(_mel_values(), spec)] + ([] if suffix == ".npy" else [Mel(_mel_values(), spec, f0)])
        return [saved(mel.save, f"m{suffix}") for mel in mels]

    return make


def _statistics() -> list[bytes]:
    rows, archive = io.BytesIO(), io.BytesIO()
    np.save(rows, np.ones((2, 80), np.float32))
    np.savez(archive, mean=np.zeros(80), scale=np.ones(80))
    return [rows.getvalue(), archive.getvalue()]


def _audio(suffix: str, **form: Any) -> Callable[[], list[bytes]]:
    def make() -> list[bytes]:
        from vocolab.audio import Audio
        from vocolab.tags import Tags

        tone = Audio.mono(0.1 * np.sin(np.arange(2_400) * 0.05, dtype=np.float32), 24_000)
        return [saved(lambda path: tone.save(path, tags=Tags(title="A title"), **form), f"a{suffix}")]

    return make


def _wavs() -> list[bytes]:
    """One as it should be, and one that was streamed: its sizes are not known."""
    (whole,) = _audio(".wav")()
    at = whole.index(b"data") + 4
    return [whole, whole[:at] + b"\xff" * 4 + whole[at + 4 :]]


def _torch_mels() -> list[bytes]:
    import torch

    stream = io.BytesIO()
    torch.save({"mel": torch.from_numpy(_mel_values()), "x": torch.ones(2)}, stream)
    return [stream.getvalue()]


def _curves() -> list[bytes]:
    curves = [np.full(12, 120.0), np.array([[0.0, 120.0], [1.0, 0.0]])]
    streams = [io.BytesIO() for _ in curves]
    for curve, stream in zip(curves, streams, strict=True):
        np.save(stream, curve)
    return [stream.getvalue() for stream in streams]


def _editable(path: Path) -> Any:
    from vocolab.files.tags.editing import editable_container, is_opus

    with path.open("rb") as stream:
        return editable_container(stream, path), is_opus(path)


def _suggested(path: Path) -> Any:
    from vocolab.cli.suggestion import _is_mel

    return _is_mel(path)


def _read_audio(path: Path) -> int:
    from vocolab.files.reader import open_audio

    with variable("PATH", ""):  # no process is started for each file that is no audio
        return sum(block.shape[1] for block in open_audio(path).blocks())


def _behind_others() -> list[bytes]:
    """An MP3 behind bytes that are no audio."""
    return [bytes(300) + data for data in _audio(".mp3")()]


def _convention_seed() -> list[bytes]:
    from vocolab.mels.convention_files import to_toml
    from vocolab.mels.conventions import convention

    return [to_toml(convention("hifigan-22k"), family="x", summary="y").encode()]


_examine = call("vocolab.mels.examine", "examine_file")

TARGETS: dict[str, Target] = {
    "mel npy": Target("m.npy", _examine, _mels(".npy")),
    "mel torch": Target("m.pt", _examine, _torch_mels),
    "pitch curve npy": Target("p.npy", call("vocolab.pitch.curve", "read_curve"), _curves),
    "pitch curve csv": Target("p.csv", call("vocolab.pitch.curve", "read_curve"), seed(
        "time_s,f0_hz\n0.0,120.0\n0.5,0\n1.0,130\n")),
    "tags that are moved": Target("a.ogg", _editable, _audio(".ogg")),
    "mel that is suggested": Target("m.npy", _suggested, _mels(".npy")),
    "mel npz": Target("m.npz", _examine, _mels(".npz")),
    "mel safetensors": Target("m.safetensors", _examine, _mels(".safetensors")),
    "statistics": Target("s.npz", call("vocolab.mels.statistics", "read_statistics", 80), _statistics),
    "convention": Target("c.toml", call("vocolab.mels.convention_files", "read_convention"), _convention_seed),
    "audio wav": Target("a.wav", _read_audio, _wavs),
    "audio float wav": Target("f.wav", _read_audio, _audio(".wav", bit_depth=32)),
    "audio flac": Target("a.flac", _read_audio, _audio(".flac")),
    "audio ogg": Target("a.ogg", _read_audio, _audio(".ogg")),
    "audio opus": Target("a.opus", _read_audio, _audio(".opus")),
    "audio mp3": Target("a.mp3", _read_audio, lambda: [*_audio(".mp3")(), *_behind_others()]),
    **{f"tags {suffix}": Target(f"a.{suffix}", read_file_tags, tagged(f".{suffix}"))
       for suffix in ("wav", "flac", "ogg", "opus", "mp3")},
    "tags of audio": Target("a.flac", _read_audio, tagged(".flac")),
    "tags in old ID3": Target("a.mp3", read_file_tags, old_id3),
    "tags by ffmpeg": Target("a.m4a", read_ffmetadata, mpeg4),
    "cover": Target("c.jpg", call("vocolab.files.tags.pictures", "read_cover"), lambda: [JPEG]),
}
