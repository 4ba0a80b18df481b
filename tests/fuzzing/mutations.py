"""Files with mistakes in them, made from good ones; the same number gives the same file."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Sequence
from typing import Any

_INTERESTING = (
    b"\0", b"\xff", b"\x7f", b"\x80", b"\xff\xff\xff\xff", b"\xff\xff\xff\x7f", b"\0\0\0\x80", b"\xff" * 8, b"\0" * 8,
    b"\n", b"\r\n", b'"', b"'", b"[" * 40, b"{" * 40, b"]", b"}", b"-1", b"0", b"1e999", b"-0.0", b"NaN", b"null",
    b"9" * 30, b"9" * 5000, b"true", b"\\", b"/../", b"\xed\xa0\x80", b"\xef\xbb\xbf", b"<", b">", b"&", b"=", b"#",
    b".", b"1" * 20, b"\x1b[31m", b"2" + b"0" * 18, b"|", b":", b"*", b"&a ", b"<<: *a",
)


def mutated(seeds: Sequence[bytes], number: int) -> bytes:
    """The file of that number: one to eight changes to one of `seeds`."""
    chance = random.Random(number)
    data = bytearray(chance.choice(seeds))
    for _ in range(chance.choice((1, 1, 1, 2, 2, 3, 8))):
        chance.choice(_CHANGES)(data, chance, seeds)
    return bytes(data)


def mutated_values(seeds: Sequence[bytes], number: int) -> bytes:
    """The same of JSON that stays JSON: one to three of its values are others."""
    chance = random.Random(number)
    data = bytearray(chance.choice(seeds))
    for _ in range(chance.choice((1, 1, 2, 3))):
        _value(data, chance, seeds)
    return bytes(data)


def _place(data: bytearray, chance: random.Random) -> int:
    """Headers stand at the beginning and directories at the end, where most is decided."""
    near = chance.choice((len(data), len(data), 64, 512))
    place = chance.randrange(max(1, min(near, len(data))))
    return len(data) - 1 - place if data and chance.random() < 0.3 else place


def _flip(data: bytearray, chance: random.Random, _seeds: Sequence[bytes]) -> None:
    if data:
        data[_place(data, chance)] ^= 1 << chance.randrange(8)


def _replace(data: bytearray, chance: random.Random, _seeds: Sequence[bytes]) -> None:
    what, at = chance.choice(_INTERESTING), _place(data, chance)
    data[at : at + len(what)] = what


def _insert(data: bytearray, chance: random.Random, _seeds: Sequence[bytes]) -> None:
    at = _place(data, chance)
    data[at:at] = chance.choice(_INTERESTING)


def _cut(data: bytearray, chance: random.Random, _seeds: Sequence[bytes]) -> None:
    del data[_place(data, chance) :]


def _remove(data: bytearray, chance: random.Random, _seeds: Sequence[bytes]) -> None:
    at = _place(data, chance)
    del data[at : at + chance.choice((1, 2, 4, 16, 100))]


def _repeat(data: bytearray, chance: random.Random, _seeds: Sequence[bytes]) -> None:
    at = _place(data, chance)
    part = bytes(data[at : at + chance.choice((1, 4, 16, 100))])
    data[at:at] = part * chance.choice((1, 2, 50))


def _splice(data: bytearray, chance: random.Random, seeds: Sequence[bytes]) -> None:
    other = chance.choice(seeds)
    at = _place(bytearray(other), chance)
    data[_place(data, chance) :] = other[at:]


_VALUES: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, 2, 3, 7, 64, 1000, 65_537, 10**9, 2**31, 2**63, 2**64, 10**30, 10**400, 0.5, -0.5,
    1e-9, 1e9, 1e300, float("nan"), float("inf"), "", "x", "0", "../x", "a" * 5000, "\x1b[31m", "\ud800", [], {}, [[]],
    [None], [0] * 300, [1] * 20_000, {"x": 1}, [-1], [10**9],
)
"""What stands in the place of a value of JSON."""
_NUMBER = re.compile(rb"-?\d+(\.\d+)?")


def _value(data: bytearray, chance: random.Random, _seeds: Sequence[bytes]) -> None:
    """Another value in a line of JSON, or another number in what is none."""
    lines = bytes(data).split(b"\n")
    number = chance.randrange(len(lines))
    try:
        document = json.loads(lines[number])
        lines[number] = json.dumps(_changed(document, chance)).encode()
        data[:] = b"\n".join(lines)
    except (ValueError, RecursionError):
        found = list(_NUMBER.finditer(data))
        if found:
            place = chance.choice(found)
            data[place.start() : place.end()] = str(chance.choice(_VALUES[3:25])).encode("utf-8", "replace")


def _changed(value: Any, chance: random.Random) -> Any:
    """The value with one of those in it, or itself, replaced, left out, or put twice."""
    inner = list(value) if isinstance(value, dict) else list(range(len(value))) if isinstance(value, list) else []
    if not inner or chance.random() < 0.15:
        return chance.choice(_VALUES)
    key, value = chance.choice(inner), value.copy()
    what = chance.random()
    if what < 0.1:
        del value[key]
    elif what < 0.15 and isinstance(value, list):
        value.append(value[key])
    else:
        value[key] = _changed(value[key], chance)
    return value


_CHANGES: tuple[Callable[[bytearray, random.Random, Sequence[bytes]], None], ...] = (
    _flip, _flip, _replace, _replace, _insert, _cut, _remove, _repeat, _splice, _value, _value, _value, _value,
)
