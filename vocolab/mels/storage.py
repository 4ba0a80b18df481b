"""Mel files: bare arrays of NumPy and torch, and safetensors or `.npz` archives that state their convention.

A self-describing mel is a safetensors file with the tensor `mel` (n_mels, frames) float32, `f0_hz` (frames,) where F0
is known, and one JSON document in its metadata under the key `vocolab_mel`: {"format": 1, "mel_spec": {...}}, the
fields of `MelSpec`. `vocolab.mels.archives` has the same in an `.npz`.
"""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from vocolab.errors import CheckpointError, MelError, OptionError, listed
from vocolab.files.kinds import audio_kind, other_kind
from vocolab.given_files import open_given
from vocolab.mels.archives import ARCHIVE_PROBLEMS, DOCUMENT, F0, MEL, pack, unpack
from vocolab.mels.npy import read_npy_header, read_numbers
from vocolab.mels.spec import MelSpec

if TYPE_CHECKING:
    from vocolab.mels.mel import Mel

FORMAT = 1
_SUFFIXES = (".npy", ".npz", ".safetensors")

_SAVE_HINT = "save one with numpy.save('mel.npy', mel)"
_NPY_MAGIC = b"\x93NUMPY"
_ZIP_MAGIC = b"PK\x03\x04"
_START_BYTES = 512


@dataclass(frozen=True)
class Stored:
    """What a mel file holds: the array as it is stored, and the convention that the file states, if it does."""

    values: NDArray[Any]
    spec: MelSpec | None
    f0_hz: NDArray[Any] | None = None
    """As it is stored, and not examined."""


def read_array(path: str | PathLike[str]) -> Stored:
    """The array in a `.npy`, `.npz`, `.safetensors` or `.pt` file, told apart by their content.

    Nothing in the file is executed, and no more memory is taken than the file is large.

    Raises:
        MelError: if the file is missing, is something else, or is damaged.
    """
    file = Path(path)
    try:
        with open_given(file) as stream:
            start = stream.read(_START_BYTES)
            if start.startswith(_NPY_MAGIC):
                return Stored(_read_npy(stream, file), None)
    except FileNotFoundError:
        raise MelError("there is no such file", about=file) from None
    except IsADirectoryError:
        raise MelError("is a folder; name the mel files in it", about=file) from None
    except OSError as error:
        raise MelError(f"can't be read: {error.strerror or error}", about=file) from error
    if start[8:9] == b"{":
        return _read_safetensors(file)
    from vocolab.mels.torch_mels import read_torch_mel  # not needed by what is rendered most often
    from vocolab.torch_files import is_torch_file

    names = _names_in(file) if start.startswith(_ZIP_MAGIC) else []
    if is_torch_file(start, names):
        return Stored(read_torch_mel(file), None)
    if names and (unpacked := unpack(file)):
        values, document, f0_hz = unpacked
        return Stored(values, None if document is None else _stated_spec(document, file), f0_hz)
    raise MelError(_no_mel(file, start, names), about=file)


def write_mel(mel: Mel, path: str | PathLike[str]) -> None:
    """Write `.safetensors` or `.npz` with the convention, or `.npy` without; whole or not at all.

    Raises:
        MelError: if the path has another suffix, or no place for the mel's F0.
        OutputError: if it can't be written.
    """
    from vocolab.files.atomic import whole_file

    file = Path(path)
    suffix = file.suffix.lower()
    if suffix not in _SUFFIXES:
        raise MelError("mels are written as .safetensors or .npz, which state the convention, or as bare .npy",
                       about=file)
    if suffix == ".npy" and mel.f0_hz is not None:
        raise MelError("an .npy holds one array, and the mel's F0 would be lost; write .safetensors or .npz, "
                       "or a Mel without f0_hz", about=file)
    with whole_file(file) as temporary:
        temporary.write_bytes(_content(mel, suffix))


def npy_bytes(values: NDArray[np.float32]) -> bytes:
    """An array as a `.npy` file has it."""
    stream = io.BytesIO()
    np.save(stream, np.ascontiguousarray(values, dtype=np.float32), allow_pickle=False)
    return stream.getvalue()


def _content(mel: Mel, suffix: str) -> bytes:
    values = np.ascontiguousarray(mel.values, dtype=np.float32)
    if suffix == ".npy":
        return npy_bytes(values)
    document = json.dumps({"format": FORMAT, "mel_spec": mel.spec.to_dict()}, sort_keys=True)
    if suffix == ".npz":
        return pack(values, document, mel.f0_hz)
    from safetensors.numpy import save

    f0 = {} if mel.f0_hz is None else {F0: np.ascontiguousarray(mel.f0_hz)}
    return bytes(save({MEL: values, **f0}, metadata={DOCUMENT: document}))


def _read_npy(stream: BinaryIO, file: Path) -> NDArray[Any]:
    """The array of a .npy file, once its header has been held against the file's size."""
    try:
        stream.seek(0)
        header = read_npy_header(stream)
    except ValueError as error:
        raise MelError(f"the header of this .npy file is damaged ({error}); {_SAVE_HINT}", about=file) from error
    if header.dtype.hasobject:
        raise MelError("this .npy file holds pickled Python objects, which are not loaded (nothing in it was "
                       "executed); save plain numbers: numpy.save('mel.npy', mel.astype('float32'))", about=file)
    held = file.stat().st_size - stream.tell()
    if header.promised_bytes > held:
        raise MelError(f"damaged or cut off: its header promises {header.dtype} {header.shape}, "
                       f"{header.promised_bytes} bytes, and the file holds {held}", about=file)
    try:
        return read_numbers(stream, header)
    except ValueError as error:
        raise MelError(f"damaged or cut off: {error}", about=file) from error


def _read_safetensors(file: Path) -> Stored:
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    from vocolab.files.safetensors_header import read_metadata

    try:
        metadata = read_metadata(file)
        if "vocolab" in metadata:
            raise MelError("is a voice, not a mel; a voice goes to --voice", about=file)
        tensors = load_file(file)
    except (CheckpointError, SafetensorError) as error:
        what = error.message if isinstance(error, CheckpointError) else str(error)
        raise MelError(what, about=file) from error
    except (KeyError, TypeError, ValueError) as error:
        raise MelError("holds a tensor of a type that NumPy does not know; mels are float16, float32 or "
                       "float64", about=file) from error
    f0_hz = tensors.pop(F0, None)
    document = metadata.get(DOCUMENT)
    spec = None if document is None else _stated_spec(document, file)
    return Stored(_only_tensor(tensors, file), spec, f0_hz)


def _only_tensor(tensors: dict[str, NDArray[Any]], file: Path) -> NDArray[Any]:
    if MEL in tensors:
        return tensors[MEL]
    if len(tensors) == 1:
        return next(iter(tensors.values()))
    names = listed(sorted(tensors)) or "none"
    raise MelError(f"no tensor named {MEL!r} in it; it has {len(tensors)}: {names}. Save the mel alone, or under that "
                   "name", about=file)


def _stated_spec(text: str, file: Path) -> MelSpec:
    try:
        document = json.loads(text)
        if document["format"] != FORMAT:
            raise MelError(f"mel format {document['format']}; this vocolab reads format {FORMAT}", about=file)
        return MelSpec.from_dict(document["mel_spec"])
    except (ValueError, KeyError, TypeError, RecursionError, OptionError) as error:
        raise MelError(f"its mel convention can't be read: {error}", about=file) from error


def _names_in(file: Path) -> list[str]:
    """What a zip archive holds; nothing if it is damaged."""
    try:
        with zipfile.ZipFile(file) as archive:
            return archive.namelist()
    except ARCHIVE_PROBLEMS:
        return []


def _no_mel(file: Path, start: bytes, names: list[str]) -> str:
    """What a file is that begins with `start` and is no mel, and what to do about it."""
    if not start:
        return "the file is empty"
    if kind := audio_kind(start):
        return f"this is {kind}; 'vocolab mel' makes a mel of audio"
    arrays = [name.removesuffix(".npy") for name in names if name.endswith(".npy")]
    if arrays:
        return (f"this is an .npz archive of {len(arrays)} arrays ({listed(arrays)}), and none is named {MEL!r}; save "
                f"the mel alone: numpy.save('mel.npy', numpy.load({file.name!r})[{arrays[0]!r}])")
    # Protocol 2 and later begin with this byte and the protocol's number.
    if start[0] == 0x80 and len(start) > 1 and start[1] <= 8:
        return f"this is a pickle, which is not loaded (nothing in it was executed); {_SAVE_HINT}"
    kind = other_kind(start)
    if start.startswith(_ZIP_MAGIC):
        kind = f"{kind} without arrays" if names else "a damaged zip archive"
    named = ", in spite of its name" if kind and file.suffix in _SUFFIXES else ""
    what = kind or "of no kind that is known"
    return f"this is {what}{named}; a mel is a .npy, .npz, .safetensors or .pt file: {_SAVE_HINT}"
