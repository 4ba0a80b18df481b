"""Pickles are read and never run: what may be in one, and what is refused by its name."""

from __future__ import annotations

import argparse
import collections
import datetime
import functools
import io
import os
import pickle
import shutil
import socket
import struct
import subprocess
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from vocolab.checkpoints import read_checkpoint
from vocolab.errors import CheckpointError, UnsafePickle
from vocolab.torch_files.inert_pickle import read_pickle
from vocolab.torch_files.pickled_object import PickledObject, plain


def read(content: bytes) -> Any:
    return read_pickle(io.BytesIO(content), lambda identity: pytest.fail("there are no storages"), "file")


class Writes:
    """Unpickling this writes a file."""

    def __init__(self, marker: Path) -> None:
        self.marker = marker

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[str, str]]:
        return open, (str(self.marker), "w")


class System(Writes):
    def __reduce__(self) -> tuple[Callable[..., Any], tuple[str]]:  # type: ignore[override]
        return os.system, (f"touch {self.marker}",)


@pytest.mark.parametrize("protocol", range(6))
def test_plain_values_come_out_as_they_went_in(protocol: int) -> None:
    values = {
        "none": None, "yes": True, "no": False, "whole": [0, -1, 255, 70_000, -(2**40), 2**80], "float": 1.5,
        "text": "Grüße", "tuple": (1, (2, 3), (4, 5, 6), (7, 8, 9, 10), ()), "nested": [{"a": [[]]}],
        "set": {1, 2}, "bytes": b"\x00\xff",
    }
    assert read(pickle.dumps(values, protocol)) == values


def test_ordered_and_defaulting_tables_come_out_as_plain_ones() -> None:
    content = read(pickle.dumps([collections.OrderedDict(a=1), collections.defaultdict(list, b=[2])], 2))
    assert content == [{"a": 1}, {"b": [2]}]
    assert [type(table) for table in content] == [dict, dict]


@pytest.mark.parametrize("number", [np.float64(2.5), np.float32(0.5), np.int64(-7), np.bool_(True)])
def test_single_numbers_of_numpy_become_plain(number: Any) -> None:
    value = read(pickle.dumps(number, 2))
    assert value == number
    assert type(value) in (bool, int, float)


def test_what_is_shared_and_what_holds_itself_stays_so() -> None:
    inner: list[Any] = []
    inner.append(inner)
    content = read(pickle.dumps({"a": inner, "b": inner}, 2))
    assert content["a"] is content["b"]
    assert content["a"][0] is content["a"]


@pytest.mark.parametrize("protocol", range(6))
@pytest.mark.parametrize("bomb", [Writes, System])
def test_a_call_is_refused_by_name_and_not_made(bomb: Any, protocol: int, tmp_path: Path) -> None:
    with pytest.raises(UnsafePickle, match=r"(open|system), which is not a tensor.*none of it was run"):
        read(pickle.dumps({"weights": bomb(tmp_path / "written")}, protocol))
    assert not (tmp_path / "written").exists()


@pytest.mark.parametrize("new_format", [True, False])
def test_the_same_in_both_formats_of_torch(new_format: bool, tmp_path: Path) -> None:
    content = {"generator": {"a": torch.ones(2)}, "extra": Writes(tmp_path / "written")}
    torch.save(content, tmp_path / "g_1", _use_new_zipfile_serialization=new_format)
    with pytest.raises(UnsafePickle, match=r"g_1: the pickle asks for (io|_io)\.open"):
        read_checkpoint(tmp_path / "g_1")
    assert not (tmp_path / "written").exists()


class Options(dict[str, Any]):
    """As forks keep their configuration in."""


LEFTOVERS = [
    argparse.Namespace(a=1), Path("x"), np.zeros(3), np.array(["text"]), complex(1, 2), slice(1), Options(a=1),
    functools.partial(max, 1), collections.Counter("ab"), datetime.date(2020, 1, 1), np.random.get_state(),
    collections.deque([1]), types.SimpleNamespace(a=1), {Path("key"): 1},
]


@pytest.mark.parametrize("protocol", range(2, 6))
@pytest.mark.parametrize("value", LEFTOVERS, ids=lambda value: type(value).__name__)
def test_leftovers_of_trainers_are_inert(value: Any, protocol: int) -> None:
    content = read(pickle.dumps({"beside": value, "weights": [1.5]}, protocol))
    assert content["weights"] == [1.5]
    assert type(content["beside"]) in (PickledObject, dict, tuple)


def test_a_table_of_another_class_keeps_its_entries_and_a_namespace_its_names() -> None:
    content = read(pickle.dumps([Options(hop_size=256), argparse.Namespace(hop_size=256)], 2))
    assert dict(content[0]) == {"hop_size": 256}
    assert content[1].attributes == {"hop_size": 256}
    assert [plain(held) for held in content] == [{"hop_size": 256}] * 2


@pytest.mark.parametrize("function", [os.getcwd, eval, getattr, subprocess.run, shutil.rmtree, pickle.loads,
    socket.socket])
def test_what_only_a_program_needs_is_refused_by_its_name(function: Any) -> None:
    with pytest.raises(UnsafePickle, match=function.__name__):
        read(pickle.dumps(function, 2))


HAND_MADE = {
    "a global that is never used": b"cos\nsystem\n0N.",
    "a class called as a function": b"cos\nsystem\n(Vtrue\ntR.",
    "a class instantiated with arguments": b"\x80\x02cos\nsystem\n(Vtrue\nt\x81.",
    "the opcode INST": b"(Vtrue\nios\nsystem\n.",
    "the opcode OBJ": b"(cos\nsystem\nVtrue\no.",
    "a global named by the stack": b"\x80\x04\x8c\x02os\x8c\x06system\x93(Vtrue\ntR.",
    "an extension": b"\x80\x02\x82\x01.",
}


@pytest.mark.parametrize("case", HAND_MADE)
def test_hand_made_pickles_are_refused(case: str) -> None:
    with pytest.raises(UnsafePickle):
        read(HAND_MADE[case])


MALFORMED = {
    "empty": b"", "no end": b"\x80\x02]", "nothing on the stack": b".", "no mark": b"t.",
    "a memo that is not there": b"h\x05.",
    "sets items of a list": b"]K\x01K\x02s.", "appends to a table": b"}K\x01a.", "calls a number": b"K\x01)R.",
    "state of a number": b"K\x01}b.", "an odd table": b"(K\x01d.", "a list as a key": b"}]K\x01s.",
    "a length beyond the end": b"\x80\x04\x8e" + struct.pack("<Q", 2**62) + b"x.",
    "a text beyond the end": b"X\xff\xff\xff\x7fa.", "a huge number": b"I" + b"9" * 10_000 + b"\n.",
    "a tuple of too little": b"K\x01\x87.", "a set of a number": b"c__builtin__\nset\nK\x01\x85R.",
    "a number of a megabyte": b"\x8b" + struct.pack("<i", 1_000_000) + bytes([1] * 1_000_000) + b".",
    "an unknown opcode": b"\xff.",
    "a name that is a number": b"\x80\x04K\x01K\x02\x93.",
}


@pytest.mark.parametrize("case", MALFORMED)
def test_malformed_pickles_are_errors_of_one_line(case: str) -> None:
    with pytest.raises(CheckpointError, match="does not parse") as caught:
        read(MALFORMED[case])
    assert "\n" not in str(caught.value)


def test_deep_nesting_is_no_crash() -> None:
    depth = 50_000
    content = read(b"]" * depth + b"a" * (depth - 1) + b".")
    assert isinstance(content, list)
    while content:  # taken apart from outside: freeing it at once would recurse
        content = content[0]


def test_a_module_that_doubles_at_every_level_is_refused() -> None:
    """Forty levels of two children each, all shared: 2 ** 40 names from a few hundred bytes."""
    state = b"}(X\x0b\x00\x00\x00_parameters}X\x08\x00\x00\x00_buffers}X\x08\x00\x00\x00_modules%s" + b"u"
    pickled = b"\x80\x02cglow\nWN\n)\x81" + state.replace(b"%s", b"}") + b"b"
    pickled = pickled.replace(b"_parameters}", b"_parameters}X\x01\x00\x00\x00wK\x01s")
    for level in range(40):
        pickled += b"q" + bytes([level]) + b"cglow\nWN\n)\x81"
        children = b"}(X\x01\x00\x00\x00ah" + bytes([level]) + b"X\x01\x00\x00\x00bh" + bytes([level]) + b"u"
        pickled += state.replace(b"%s", children) + b"b"
    with pytest.raises(CheckpointError, match="more than 100000 entries"):
        read(pickled + b".")
