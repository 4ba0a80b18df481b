"""Mels in files of torch: a tensor by itself, or one that stands alone in a dict or a list.

The file is read as a checkpoint is: tensors, numbers, texts and containers of them, and nothing is executed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vocolab.errors import CheckpointError, MelError, listed
from vocolab.given_files import open_given
from vocolab.mels.archives import MEL

_MOST_TENSORS = 20
"""A file with more than that holds weights."""
_DEEPEST = 4


def read_torch_mel(file: Path) -> NDArray[Any]:
    """The only tensor in a file of torch, or the one named "mel".

    Raises:
        MelError: if there is none or it is not clear which is the mel, the file is damaged, or its pickle asks for more
            than tensors and containers.
    """
    from vocolab.torch_files import read_torch

    try:
        with open_given(file) as stream:
            content = read_torch(stream, np.asarray(np.memmap(file, np.uint8, "c")), str(file))
    except CheckpointError as error:
        raise MelError(f"this is a torch file that can't be read: {error.message}", about=file) from error
    tensors = dict(_tensors(content))
    if len(tensors) == 1:
        return _array(next(iter(tensors.values())))
    if (MEL,) in tensors:
        return _array(tensors[MEL,])
    raise MelError(_unclear(tensors, content, file), about=file)


def _tensors(content: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Every tensor, with the keys and numbers that lead to it."""
    import torch

    if isinstance(content, torch.Tensor):
        yield place, content
        return
    inside: Mapping[Any, Any] = {}
    if len(place) < _DEEPEST:
        inside = content if isinstance(content, Mapping) else {}
        inside = dict(enumerate(content)) if isinstance(content, list | tuple) else inside
    for key, value in inside.items():
        yield from _tensors(value, (*place, key))


def _array(tensor: Any) -> NDArray[Any]:
    import torch

    plain = tensor.detach()
    # NumPy has no bfloat16; float32 holds all of its numbers.
    array: NDArray[Any] = (plain.float() if plain.dtype is torch.bfloat16 else plain).numpy()
    return np.ascontiguousarray(array)


def _unclear(tensors: Mapping[tuple[Any, ...], Any], content: Any, file: Path) -> str:
    if not tensors:
        return (f"this torch file holds no tensor, but {_kind(content)}; save the mel as one: "
                "torch.save(torch.as_tensor(mel), 'mel.pt')")
    if len(tensors) > _MOST_TENSORS:
        return (f"this torch file holds {len(tensors)} tensors: weights, it seems, which 'vocolab convert' makes a "
                "voice of")
    shapes = [f"{'.'.join(map(str, place))} {tuple(tensor.shape)}" for place, tensor in tensors.items()]
    first = "".join(f"[{key!r}]" for key in next(iter(tensors)))
    return (f"this torch file holds {len(tensors)} tensors ({listed(shapes)}), and none is named {MEL!r}; save the mel "
            f"alone: torch.save(torch.load({file.name!r}){first}, 'mel.pt')")


def _kind(content: Any) -> str:
    return f"an object of {name}" if (name := getattr(content, "class_name", "")) else f"a {type(content).__name__}"
