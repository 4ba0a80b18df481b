"""The globals that a checkpoint's pickle may name, and what stands for each of them here.

The list is torch's own (how it writes tensors, parameters, storages and plain modules) with what Python and numpy
write for containers and single numbers. All functions are ours; none of the names is imported.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from vocolab.torch_files.limits import shown
from vocolab.torch_files.pickled_object import PickledObject

if TYPE_CHECKING:
    from torch import Tensor

    from vocolab.torch_files.storages import Storage

_DTYPES = {
    "DoubleStorage": "float64", "FloatStorage": "float32", "HalfStorage": "float16", "BFloat16Storage": "bfloat16",
    "LongStorage": "int64", "IntStorage": "int32", "ShortStorage": "int16", "CharStorage": "int8",
    "ByteStorage": "uint8", "BoolStorage": "bool", "UntypedStorage": "uint8", "ComplexFloatStorage": "complex64",
    "ComplexDoubleStorage": "complex128", "QUInt8Storage": "uint8", "QInt8Storage": "int8", "QInt32Storage": "int32",
}
_STORAGE_NAME = re.compile(r"torch\.(?:cuda\.|storage\.)?(\w+Storage)")
_DTYPE_NAME = re.compile(r"torch\.(b?float(16|32|64)?|double|half|u?int(8|16|32|64)?|long|bool)")
_NUMPY_CODE = re.compile(r"[biuf][1248]")

INERT_NAMES = frozenset({
    "torch.Tensor", "numpy.ndarray",
    *(f"{module}.{name}" for module in ("builtins", "__builtin__") for name in ("list", "dict", "int", "float", "str")),
})  # fmt: skip
"""Types that are named beside something else, as in a `defaultdict(list)`; they stay names."""


class NumpyType:
    """The type of a numpy number that was pickled by itself."""

    def __init__(self, code: str) -> None:
        if not isinstance(code, str) or not _NUMPY_CODE.fullmatch(code):
            raise ValueError(f"a numpy type {shown(code)}")
        self.code, self.order = code, "<"

    def take_state(self, state: Any) -> None:
        """The byte order, the second entry of what numpy writes."""
        self.order = ">" if isinstance(state, tuple) and len(state) > 1 and state[1] == ">" else "<"

    def number(self, data: bytes | str) -> bool | int | float:
        """The number in `data`, as a plain one of Python."""
        raw = data.encode("latin-1") if isinstance(data, str) else data
        value: bool | int | float = np.frombuffer(raw, dtype=f"{self.order}{self.code}")[0].item()
        return value


def storage_dtype(name: Any) -> str:
    """The dtype of a storage class by its name.

    Raises:
        ValueError: if there is no such storage.
    """
    match = _STORAGE_NAME.fullmatch(name) if isinstance(name, str) else None
    if match is None or match[1] not in _DTYPES:
        raise ValueError(f"a storage of the kind {shown(name)}")
    return _DTYPES[match[1]]


def is_known(name: str) -> bool:
    """Whether a pickle of weights needs this."""
    storage = _STORAGE_NAME.fullmatch(name)
    return (
        name in CALLS or name in INERT_NAMES
        or (storage is not None and storage[1] in _DTYPES) or _DTYPE_NAME.fullmatch(name) is not None
    )


def _tensor(storage: Storage, offset: int, size: tuple[int, ...], stride: tuple[int, ...],
    *_rest: Any) -> Tensor | PickledObject:
    from vocolab.torch_files.storages import Storage

    if not isinstance(storage, Storage):  # pickled by Python and not by torch, its numbers inside the pickle
        return PickledObject("torch.Tensor")
    return storage.tensor(offset, size, stride)


def _from_type(function: Any, _type: Any, arguments: Any, _state: Any = None) -> Any:
    if function not in ("torch._utils._rebuild_tensor_v2", "torch._utils._rebuild_parameter"):
        raise ValueError(f"a tensor made by {shown(function)}")
    return CALLS[function](*arguments)


def _first(value: Any, *_rest: Any) -> Any:
    return value


def _set(items: Any = ()) -> set[Any]:
    if not isinstance(items, list | tuple):
        raise ValueError("a set of something that is no list")
    return set(items)


def _table(items: Any = (), *_rest: Any) -> dict[Any, Any]:
    return dict(items) if isinstance(items, list | tuple | dict) else {}


def _bytes(text: Any = "", encoding: Any = "latin1") -> bytes:
    if encoding not in ("latin1", "latin-1") or not isinstance(text, str):
        raise ValueError(f"a text to be encoded as {shown(encoding)}")
    return text.encode("latin-1")


def _device(kind: Any, *index: Any) -> str:
    if not isinstance(kind, str) or len(kind) > 100 or not all(type(number) is int for number in index):
        raise ValueError(f"a device {shown((kind, *index))}")
    return ":".join(map(str, (kind, *index)))


def _numpy_type(code: Any = "", *_rest: Any) -> NumpyType | PickledObject:
    known = isinstance(code, str) and _NUMPY_CODE.fullmatch(code)
    return NumpyType(code) if known else PickledObject("numpy.dtype")


def _numpy_number(kind: Any, data: Any = b"") -> bool | int | float | PickledObject:
    return kind.number(data) if isinstance(kind, NumpyType) else PickledObject("numpy.generic")


MAKES_TENSORS = ("torch._utils._rebuild_tensor", "torch._utils._rebuild_tensor_v2")

CALLS: dict[str, Callable[..., Any]] = {
    **dict.fromkeys(MAKES_TENSORS, _tensor),
    "torch._utils._rebuild_parameter": _first,
    "torch._utils._rebuild_parameter_with_state": _first,
    "torch._tensor._rebuild_from_type_v2": _from_type,
    "torch.nn.parameter.Parameter": _first,
    "torch.nn.backends.thnn._get_thnn_function_backend": lambda: None,  # in modules of torch before 1.5
    "torch.Size": lambda sizes=(): tuple(sizes),
    "torch.device": _device,
    "torch.serialization._get_layout": _first,
    "collections.OrderedDict": _table,
    "collections.defaultdict": lambda *_: {},
    "builtins.set": _set,
    "__builtin__.set": _set,
    "_codecs.encode": _bytes,
    "numpy.dtype": _numpy_type,
    "numpy.core.multiarray.scalar": _numpy_number,
    "numpy._core.multiarray.scalar": _numpy_number,
}
"""What a pickle may call, by the name that it calls it by."""


def _first_of_each(pairs: Any) -> list[Any]:
    return [pair[0] for pair in pairs if isinstance(pair, list | tuple) and len(pair)]


MAKES_KEYS: dict[str, Callable[[Any], Any]] = {
    "collections.OrderedDict": lambda items: items if isinstance(items, dict) else _first_of_each(items),
    "builtins.set": lambda items: items,
    "__builtin__.set": lambda items: items,
}
"""The calls that hash a part of their arguments, and which part."""
