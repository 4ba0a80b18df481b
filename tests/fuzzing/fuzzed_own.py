"""Readers of what vocolab keeps in folders of its own and goes on with."""

from __future__ import annotations

import hashlib
import io
import json
from pathlib import Path
from typing import Any

import numpy as np
from target import Target, seed, variable

RATE_HZ = 22_050


def _features_seed() -> list[bytes]:
    stream = io.BytesIO()
    np.savez(stream, mel=np.zeros((5, 80), np.float16), f0_hz=np.zeros(5, np.float32))
    return [stream.getvalue()]


def _features(path: Path) -> Any:
    from vocolab_fastspeech2.kept_features import kept_features

    return kept_features(path, 80)


def _run(path: Path) -> Any:
    from vocolab.training.description import changes_text, recipe_changes
    from vocolab.training.run_folder import RunFolder

    run = RunFolder(path.parent).describe()
    return changes_text(run.goes_on(run, 7).changed_since(run)), recipe_changes(run.chapters(6))


def _run_seed() -> list[bytes]:
    from vocolab.mels.conventions import convention
    from vocolab.training.description import Chapter, RunDescription
    from vocolab.training.recipe import Recipe

    recipe = Recipe(summary="s", model={"dim": 4})
    run = RunDescription("vocos", recipe, convention("hifigan-22k"), None, None,
                         (Chapter(0, recipe.model_dump(mode="json")),), 5)
    return [json.dumps(run.to_dict()).encode()]


def _run_log(path: Path) -> Any:
    from vocolab.training.run_folder import RunFolder

    return RunFolder(path.parent).cut_log(2)


def _takes(path: Path) -> Any:
    """Speech that goes on: what is there, its times, its samples."""
    from vocolab.speaking.unfinished import Unfinished

    (path.parent / "audio.f32").write_bytes(bytes(4 * 1000))
    spoken = Unfinished(path.parent, {}, RATE_HZ, resume=True)
    return spoken.times(), sum(block.size for block in spoken.blocks())


def _takes_seed() -> list[bytes]:
    from vocolab.speaking.take_lines import KeptTake, take_line
    from vocolab.speech.spoken import PhonemeTime, WordTime

    head = json.dumps({"made_of": {}, "sample_rate": RATE_HZ}, sort_keys=True)
    takes = [KeptTake(end, 0.1, [WordTime("a", 0.0, 0.01)], [PhonemeTime("AH0", 0.0, 0.01, 0)]) for end in (400, 900)]
    return ["".join(f"{line}\n" for line in (head, *map(take_line, takes))).encode()]


def _notes(path: Path) -> Any:
    from vocolab.delivery.resume import DoneNotes

    output = path.with_name("a.wav")
    output.touch()
    return DoneNotes({}).has([output], output)


def _run_checkpoint(path: Path) -> Any:
    from vocolab.training.run_folder import RunFolder

    run = RunFolder(path.parent)
    run.checkpoints.mkdir(exist_ok=True)
    path.replace(run.checkpoints / "5.pt")
    return run.load_last()


def _run_checkpoint_seed() -> list[bytes]:
    import torch

    stream = io.BytesIO()
    torch.save({"step": 5, "generator": {"a": torch.ones(2)}, "average": {"a": torch.ones(2)}}, stream)
    return [stream.getvalue()]


def _compiled(path: Path) -> Any:
    from vocolab.engines.cache import read

    with variable("VOCOLAB_CACHE", str(path.parent)):
        (path.parent / "engines").mkdir(exist_ok=True)
        path.replace(path.parent / "engines" / "x")
        return read("x", {"a": 1})


def _compiled_seed() -> list[bytes]:
    digest = hashlib.sha256(b"data").hexdigest()
    return [json.dumps({"format": 1, "identity": {"a": 1}, "facts": {"b": 2}, "sha256": digest}).encode() + b"\ndata"]


TARGETS: dict[str, Target] = {
    "notes of done files": Target("vocolab-done.json", _notes, seed('{"a.wav": {"made_of": "0", "is": [1, 2]}}')),
    "speech that goes on": Target("takes.jsonl", _takes, _takes_seed),
    "run": Target("recipe.json", _run, _run_seed),
    "run checkpoint": Target("5.pt", _run_checkpoint, _run_checkpoint_seed),
    "compiled engine": Target("compiled", _compiled, _compiled_seed),
    "run log": Target("log.jsonl", _run_log, seed('{"step": 1, "loss": 2.5}\n{"step": 2, "validation": {"mel": 1}}\n')),
    "kept features": Target("x.npz", _features, _features_seed),
}
