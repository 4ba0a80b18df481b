"""Voice: trained weights with all that is needed to use them, in one safetensors file.

The tensors are the generator's; the file's metadata holds one JSON document under the key `vocolab`:

    format        2
    model         the model that reads it: "hifigan"
    kind          what that model is: "vocoder", "acoustic model", "aligner"
    config        the architecture, in the plugin's own terms
    mel_spec      the convention of its mels, field by field; null for a model without mels
    provenance    what it was trained on, how, its licence and its measured figures
    recommended   how it is rendered best where the user does not say: `refine`, see `PostfilterOptions`; may be absent
    checksum      sha256 over the tensors, so that a damaged file is refused

Format 1 knew vocoders only and had `vocoder` in place of `model` and `kind`; it is read as well.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vocolab.errors import CheckpointError, OptionError
from vocolab.mels.spec import MelSpec

FORMAT = 2
_VOCODERS_ONLY = 1
_KEY = "vocolab"
_KEYS: dict[str, type[str] | type[dict[str, Any]]] = {
    "model": str, "kind": str, "config": dict, "mel_spec": dict, "provenance": dict, "recommended": dict,
    "checksum": str,
}
_KINDS: dict[type, str] = {
    str: "text", dict: "a table", list: "a list", int: "a number", float: "a number", bool: "true or false",
    type(None): "null",
}


@dataclass(frozen=True, eq=False)
class Voice:
    """Weights and what they mean. Tensors are kept as stored (float16 or float32)."""

    model: str
    config: dict[str, Any]
    mel_spec: MelSpec | None
    """The convention of the mels that it takes or gives; None for a model without mels."""
    tensors: Mapping[str, NDArray[Any]]
    provenance: dict[str, Any] = field(default_factory=dict)
    recommended: dict[str, Any] = field(default_factory=dict)
    kind: str = "vocoder"
    """The kind of model that it is for, as `ModelSpec.kind` has it."""

    @property
    def parameters(self) -> int:
        """How many numbers the tensors hold."""
        return sum(int(tensor.size) for tensor in self.tensors.values())

    @cached_property
    def checksum(self) -> str:
        """sha256 over the tensors, as the file has it."""
        return _checksum(self.tensors)

    def float32(self) -> Mapping[str, NDArray[np.float32]]:
        """The tensors in float32, whatever they are stored in; each is converted when it is asked for."""
        return _Float32(self.tensors)

    def save(self, path: str | PathLike[str], *, half: bool = False) -> None:
        """Write the voice, whole or not at all; with `half` the floating-point tensors are stored as float16.

        Raises:
            OutputError: if it can't be written.
        """
        from safetensors.numpy import save

        from vocolab.files.atomic import whole_file

        tensors = {name: _stored(tensor, half) for name, tensor in self.tensors.items()}
        document = {
            "format": FORMAT, "model": self.model, "kind": self.kind, "config": self.config,
            "mel_spec": None if self.mel_spec is None else self.mel_spec.to_dict(), "provenance": self.provenance,
            "checksum": _checksum(tensors),
            **({"recommended": self.recommended} if self.recommended else {}),
        }
        data = save(tensors, metadata={_KEY: json.dumps(document, sort_keys=True)})
        with whole_file(path) as temporary:
            temporary.write_bytes(data)

    @classmethod
    def load(cls, path: str | PathLike[str]) -> Voice:
        """Read a voice; nothing in it is executed.

        Raises:
            CheckpointError: if the file is missing, damaged, or not a vocolab voice.
        """
        from safetensors import SafetensorError
        from safetensors.numpy import load

        file = Path(path)
        document = read_header(file)
        try:
            tensors = load(file.read_bytes())
        except (SafetensorError, ValueError, KeyError) as error:
            raise CheckpointError(f"the voice file is damaged: {error}", about=file) from error
        if _checksum(tensors) != document["checksum"]:
            raise CheckpointError("the weights do not match their checksum; the file is damaged", about=file)
        spec = None if document["mel_spec"] is None else MelSpec.from_dict(document["mel_spec"])
        voice = cls(document["model"], document["config"], spec, tensors, document["provenance"],
                    document.get("recommended", {}), document["kind"])
        vars(voice)["checksum"] = document["checksum"]  # known already: hashing a large voice takes its time
        return voice


class _Float32(Mapping[str, NDArray[np.float32]]):
    """All of them at once would take as much memory again as the network that they go into."""

    def __init__(self, tensors: Mapping[str, NDArray[Any]]) -> None:
        self._tensors = tensors

    def __getitem__(self, name: str) -> NDArray[np.float32]:
        return np.ascontiguousarray(self._tensors[name], dtype=np.float32)

    def __iter__(self) -> Iterator[str]:
        return iter(self._tensors)

    def __len__(self) -> int:
        return len(self._tensors)


def read_header(path: str | PathLike[str]) -> dict[str, Any]:
    """A voice file's description (see the module's docstring) without its tensors; every key is there and of its type.

    Raises:
        CheckpointError: if the file is missing, damaged, or not a vocolab voice.
    """
    from vocolab.files.safetensors_header import read_metadata

    file = Path(path)
    text = read_metadata(file).get(_KEY)
    if text is None:
        raise CheckpointError("a safetensors file, but not a vocolab voice; 'vocolab convert' makes one", about=file)
    document = _parsed(text, file)
    if document.get("format") == _VOCODERS_ONLY and "vocoder" in document:
        return _checked({**document, "format": FORMAT, "model": document["vocoder"], "kind": "vocoder"}, file)
    if document.get("format") != FORMAT:
        raise CheckpointError(
            f"voice format {document.get('format')}; this vocolab reads formats {_VOCODERS_ONLY} and {FORMAT}",
            about=file,
        )
    return _checked(document, file)


def _parsed(text: str, file: Path) -> dict[str, Any]:
    try:
        document = json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise CheckpointError(f"the voice's description is not JSON that can be read: {error}", about=file) from error
    if not isinstance(document, dict):
        raise CheckpointError(f"the voice's description is {_KINDS[type(document)]} and has to be a table", about=file)
    return document


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no number")


def _checked(document: dict[str, Any], file: Path) -> dict[str, Any]:
    """The description, if every key has the type that it has to have and the convention can be meant."""
    for key, kind in _KEYS.items():
        if key not in document and key != "recommended":
            raise CheckpointError(f"the voice's description lacks {key!r}", about=file)
        if not isinstance(value := document.get(key, kind()), kind) and not (key == "mel_spec" and value is None):
            raise CheckpointError(f"{key} of the voice's description is {_KINDS[type(value)]} and has to be "
                                  f"{_KINDS[kind]}", about=file)
    try:
        if document["mel_spec"] is not None:
            MelSpec.from_dict(document["mel_spec"])
    except OptionError as error:
        raise CheckpointError(f"the voice's description has no mel convention: {error}", about=file) from error
    return document


def _stored(tensor: NDArray[Any], half: bool) -> NDArray[Any]:
    tensor = np.ascontiguousarray(tensor)
    return tensor.astype(np.float16) if half and tensor.dtype.kind == "f" else tensor


def _checksum(tensors: Mapping[str, NDArray[Any]]) -> str:
    digest = hashlib.sha256()
    for name in sorted(tensors):
        tensor = np.ascontiguousarray(tensors[name])
        digest.update(f"{name} {tensor.dtype.str} {tensor.shape}".encode())
        digest.update(tensor.tobytes())
    return digest.hexdigest()
