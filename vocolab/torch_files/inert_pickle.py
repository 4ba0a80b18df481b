"""Reads a pickle without running it: a machine of its own that knows tensors, plain values and containers.

Python's unpickler imports what a pickle names and calls it. This one imports nothing. A global that the pickle names
becomes an inert `Global`; calling one is looked up in a short table of our own functions (`torch_globals.py`). What is
not in there comes out as a `PickledObject`, which is a name and what the pickle put into it: the leftovers of a
trainer, or a module pickled whole, of which it holds the tensors by their names. Classes are never looked for, so that
code that is long gone, or not installed, is not needed. A file that names what only a program needs is refused by
that name (`dangerous_names.py`).
"""

from __future__ import annotations

import pickletools
import warnings
from collections.abc import Callable, Iterable, Iterator
from typing import IO, Any

from vocolab.errors import CheckpointError, UnsafePickle
from vocolab.torch_files.dangerous_names import is_dangerous
from vocolab.torch_files.limits import Budget, Keys
from vocolab.torch_files.pickled_object import PickledObject
from vocolab.torch_files.torch_globals import CALLS, MAKES_KEYS, MAKES_TENSORS, NumpyType, is_known

MOST_OPERATIONS = 5_000_000
"""More than any checkpoint has, and little enough for memory and for half a minute."""
_MOST_INTEGER_BITS = 512
_STEP_BYTES, _MEMO_BYTES, _ITEM_BYTES, _TABLE_BYTES, _SET_BYTES, _MODULE_BYTES, _TENSOR_BYTES = (
    40, 100, 64, 64, 216, 600, 600
)
"""About what Python takes for one of them."""

LoadPersistent = Callable[[Any], Any]


class Global(str):
    """The name of something in somebody's code, as in "torch.float32"; a text and never more."""

    __slots__ = ()


class _Mark:
    """Where a list of arguments begins on the stack."""


_MARK = _Mark()


def read_pickle(stream: IO[bytes], load_persistent: LoadPersistent, path: str) -> Any:
    """The object of one pickle, the stream left right behind it.

    Args:
        stream: Where the pickle begins.
        load_persistent: Gives what a persistent id stands for, as torch uses them for storages.
        path: What messages call the file.

    Raises:
        UnsafePickle: if the pickle asks for something that only a program needs.
        CheckpointError: if it is truncated or no pickle.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of escapes in names, which are nobody's concern
            return _Machine(load_persistent, path).run(stream)
    except (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError, MemoryError) as error:
        first = (str(error).splitlines() or [type(error).__name__])[0]
        what = f"truncated, or not a checkpoint: its pickle does not parse: {first}"
        raise CheckpointError(what, about=path) from error


class _Machine:
    """Stack and memo of one pickle."""

    def __init__(self, load_persistent: LoadPersistent, path: str) -> None:
        self.load_persistent, self.path = load_persistent, path
        self.stack: list[Any] = []
        self.memo: dict[int, Any] = {}
        self.budget, self.keys = Budget(), Keys()

    def run(self, stream: IO[bytes]) -> Any:
        for count, (opcode, argument, _) in enumerate(pickletools.genops(stream)):
            if count > MOST_OPERATIONS:
                raise CheckpointError(f"its pickle has more than {MOST_OPERATIONS} operations", about=self.path)
            if opcode.name == "STOP":
                break
            self.step(opcode.name, argument)
        return self.stack.pop()

    def step(self, name: str, argument: Any) -> None:
        self.budget.take(_STEP_BYTES)
        if name in _VALUES:
            if isinstance(argument, int) and argument.bit_length() > _MOST_INTEGER_BITS:
                raise ValueError("a number of more than 512 bits")
            self.stack.append(argument)
        elif name in _MAKERS:
            self.budget.take(_COSTS.get(name, 0))
            self.stack.append(_MAKERS[name]())
        elif name in _ACTIONS:
            _ACTIONS[name](self, argument)
        else:
            raise UnsafePickle(
                f"its pickle uses {name}, which no checkpoint needs; none of it was run", about=self.path
            )

    def unsafe(self, name: str) -> UnsafePickle:
        return UnsafePickle(
            f"the pickle asks for {name}, which is not a tensor and which weights don't need; it was refused, and none "
            "of it was run",
            about=self.path,
        )

    def popped_to_mark(self) -> list[Any]:
        start = len(self.stack) - 1
        while self.stack[start] is not _MARK:
            start -= 1
            if start < 0:
                raise ValueError("a list of arguments has no beginning")
        items = self.stack[start + 1 :]
        del self.stack[start:]
        return items

    # Containers

    def tuple_of(self, count: int) -> None:
        self.stack[-count:] = [tuple(self.stack[-count:])]
        if len(self.stack[-1]) != count:
            raise ValueError(f"a tuple of {count} where there is less")

    def extend(self, items: list[Any]) -> None:
        target = self.stack[-1]
        if type(target) is list:
            target.extend(items)
        elif type(target) is set:
            self.keys.check(id(target), _plain_keys(items))
            target.update(items)
        elif not isinstance(target, PickledObject):  # a subclass of list: what is in it says nothing
            raise ValueError(f"appends to {type(target).__name__}")

    def set_items(self, items: list[Any]) -> None:
        target = self.stack[-1]
        if not isinstance(target, dict) or len(items) % 2:
            raise ValueError(f"sets items of {type(target).__name__}")
        self.keys.check(id(target), _plain_keys(items[::2]))
        target.update(zip(items[::2], items[1::2], strict=True))

    def from_mark(self, make: Callable[[list[Any]], Any]) -> None:
        self.stack.append(make(self.popped_to_mark()))

    def frozen_set(self) -> None:
        items = self.popped_to_mark()
        self.budget.take(_SET_BYTES)
        self.keys.check(id(items), _plain_keys(items))
        self.stack.append(frozenset(items))

    def table(self) -> None:
        items = self.popped_to_mark()
        self.stack.append({})
        self.set_items(items)

    def remember(self, number: int) -> None:
        self.budget.take(_MEMO_BYTES)
        self.memo[number] = self.stack[-1]

    # Names and calls

    def push_global(self, name: str) -> None:
        if not is_known(name) and is_dangerous(name):
            raise self.unsafe(name)
        self.stack.append(Global(name))

    def stack_global(self) -> None:
        name, module = self.stack.pop(), self.stack.pop()
        if not (isinstance(name, str) and isinstance(module, str)):
            raise ValueError("names a global by something that is no text")
        self.push_global(f"{module}.{name}")

    def reduce(self) -> None:
        arguments, function = self.stack.pop(), self.stack.pop()
        given = _as_tuple(arguments)
        if isinstance(function, PickledObject):  # what an inert object would have given
            self.budget.take(_MODULE_BYTES)
            self.stack.append(PickledObject(function.class_name))
        elif not isinstance(function, Global):
            raise ValueError(f"calls {type(function).__name__}")
        elif function in CALLS:
            self._pay_for(function, given)
            self.stack.append(CALLS[function](*given))
        else:
            self.budget.take(_MODULE_BYTES)
            self.stack.append(PickledObject(_class_of(function, given)))

    def _pay_for(self, function: str, arguments: tuple[Any, ...]) -> None:
        """Count what a call copies, and examine what it hashes."""
        self.budget.take(_TENSOR_BYTES if function in MAKES_TENSORS else _ITEM_BYTES)
        for argument in arguments:
            if isinstance(argument, str | bytes):
                self.budget.take(len(argument))
            elif isinstance(argument, list | tuple | dict):
                self.budget.take(_ITEM_BYTES * len(argument))
                if function in MAKES_KEYS:
                    self.keys.check(id(argument), _plain_keys(MAKES_KEYS[function](argument)))

    def new_object(self, count: int = 2) -> None:
        arguments = self.stack[-count:]
        del self.stack[-count:]
        if len(arguments) != count or not isinstance(arguments[0], Global | PickledObject):
            raise ValueError(f"an object of {type(arguments[0]).__name__ if arguments else 'nothing'}")
        cls = arguments[0]
        self.budget.take(_MODULE_BYTES)
        self.stack.append(PickledObject(cls.class_name if isinstance(cls, PickledObject) else str(cls)))

    def build(self) -> None:
        state, target = self.stack.pop(), self.stack[-1]
        if isinstance(target, PickledObject):
            target.take_state(state, self.budget)
        elif isinstance(target, NumpyType):
            target.take_state(state)
        elif type(target) is not dict:  # a dict's attributes, as in the _metadata of a state dict, say nothing
            raise ValueError(f"sets the state of {type(target).__name__}")

    def persistent(self, identity: Any) -> None:
        if isinstance(identity, tuple) and len(identity) == 4 and identity[0] == "module":
            self.stack.append(identity[1])  # a class with its source code beside it, which stays unread
        else:
            self.stack.append(self.load_persistent(_as_tuple(identity)))


_RECONSTRUCTORS = ("copyreg._reconstructor", "copy_reg._reconstructor", "copyreg.__newobj__", "copyreg.__newobj_ex__")


def _class_of(function: str, arguments: tuple[Any, ...]) -> str:
    """The class of the object that a call would make; Python builds some through functions of its own."""
    made = function in _RECONSTRUCTORS and arguments and isinstance(arguments[0], Global)
    return str(arguments[0] if made else function)


def _plain_keys(keys: Iterable[Any]) -> Iterator[Any]:
    """Keys to be examined; nobody chose the hash of an inert object, nor of a tensor, as optimizers pickle them."""
    return (key for key in keys if not isinstance(key, PickledObject) and not _is_tensor(key))


def _is_tensor(value: Any) -> bool:
    return type(value).__module__.startswith("torch") and hasattr(value, "shape")


def _as_tuple(arguments: Any) -> tuple[Any, ...]:
    if not isinstance(arguments, tuple):
        raise ValueError(f"arguments are {type(arguments).__name__}, not a tuple")
    return arguments


_VALUES = {
    "INT", "BININT", "BININT1", "BININT2", "LONG", "LONG1", "LONG4", "FLOAT", "BINFLOAT", "STRING", "BINSTRING",
    "SHORT_BINSTRING", "UNICODE", "BINUNICODE", "SHORT_BINUNICODE", "BINUNICODE8", "BINBYTES", "SHORT_BINBYTES",
    "BINBYTES8", "BYTEARRAY8",
}  # fmt: skip
_MAKERS: dict[str, Callable[[], Any]] = {
    "NONE": lambda: None, "NEWTRUE": lambda: True, "NEWFALSE": lambda: False, "EMPTY_LIST": list, "EMPTY_TUPLE": tuple,
    "EMPTY_DICT": dict, "EMPTY_SET": set, "MARK": lambda: _MARK,
}
_COSTS = {"EMPTY_LIST": _TABLE_BYTES, "EMPTY_DICT": _TABLE_BYTES, "EMPTY_SET": _SET_BYTES}
_ACTIONS: dict[str, Callable[[_Machine, Any], Any]] = {
    "PROTO": lambda machine, _: None,
    "FRAME": lambda machine, _: None,
    "POP": lambda machine, _: machine.stack.pop(),
    "POP_MARK": lambda machine, _: machine.popped_to_mark(),
    "DUP": lambda machine, _: machine.stack.append(machine.stack[-1]),
    "TUPLE1": lambda machine, _: machine.tuple_of(1),
    "TUPLE2": lambda machine, _: machine.tuple_of(2),
    "TUPLE3": lambda machine, _: machine.tuple_of(3),
    "TUPLE": lambda machine, _: machine.from_mark(tuple),
    "LIST": lambda machine, _: machine.from_mark(list),
    "FROZENSET": lambda machine, _: machine.frozen_set(),
    "DICT": lambda machine, _: machine.table(),
    "APPEND": lambda machine, _: machine.extend([machine.stack.pop()]),
    "APPENDS": lambda machine, _: machine.extend(machine.popped_to_mark()),
    "ADDITEMS": lambda machine, _: machine.extend(machine.popped_to_mark()),
    "SETITEM": lambda machine, _: machine.set_items([machine.stack.pop(-2), machine.stack.pop()]),
    "SETITEMS": lambda machine, _: machine.set_items(machine.popped_to_mark()),
    "GLOBAL": lambda machine, argument: machine.push_global(argument.replace(" ", ".", 1)),
    "STACK_GLOBAL": lambda machine, _: machine.stack_global(),
    "REDUCE": lambda machine, _: machine.reduce(),
    "NEWOBJ": lambda machine, _: machine.new_object(),
    "NEWOBJ_EX": lambda machine, _: machine.new_object(3),
    "BUILD": lambda machine, _: machine.build(),
    "BINPERSID": lambda machine, _: machine.persistent(machine.stack.pop()),
    "PUT": lambda machine, argument: machine.remember(argument),
    "BINPUT": lambda machine, argument: machine.remember(argument),
    "LONG_BINPUT": lambda machine, argument: machine.remember(argument),
    "MEMOIZE": lambda machine, _: machine.remember(len(machine.memo)),
    "GET": lambda machine, argument: machine.stack.append(machine.memo[argument]),
    "BINGET": lambda machine, argument: machine.stack.append(machine.memo[argument]),
    "LONG_BINGET": lambda machine, argument: machine.stack.append(machine.memo[argument]),
}
