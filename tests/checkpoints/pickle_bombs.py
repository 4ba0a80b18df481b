"""Pickles that are small and ask for more work or memory than any computer has, byte by byte."""

from __future__ import annotations

import io
import struct
import tarfile
import zipfile

HEAD = b"\x80\x02"


def text(value: str) -> bytes:
    data = value.encode()
    return b"X" + struct.pack("<I", len(data)) + data


def number(value: int) -> bytes:
    data = value.to_bytes(value.bit_length() // 8 + 1, "little", signed=True)
    return b"\x8a" + bytes([len(data)]) + data


def put(place: int) -> bytes:
    return b"r" + struct.pack("<I", place)


def get(place: int) -> bytes:
    return b"j" + struct.pack("<I", place)


def doubled(depth: int) -> bytes:
    """A pair of the same pair of the same pair ...: 2 ** depth values to walk through."""
    return b"K\x01" + put(0) + b"".join(get(level) + b"\x86" + put(level + 1) for level in range(depth))


def storage(key: bytes) -> bytes:
    return b"(" + text("storage") + b"ctorch\nFloatStorage\n" + key + text("cpu") + number(4) + b"tQ"


def tensor(size: bytes) -> bytes:
    return b"ctorch._utils\n_rebuild_tensor_v2\n(" + storage(text("0")) + number(0) + size + size + b"\x89NtR."


def chain_of_modules(entries: int, levels: int) -> bytes:
    """A module of many entries in a module in a module ...: every level names all of them anew."""
    keys = ("_parameters", "_buffers", "_modules")
    made = b"cglow\nWN\n" + put(0) + b"0" + b"".join(text(key) + put(1 + at) + b"0" for at, key in enumerate(keys))
    made += get(0) + b")\x81}(" + get(1) + b"}(" + b"".join(text(str(k)) + b"K\x01" for k in range(entries)) + b"u"
    made += get(2) + b"}" + get(3) + b"}ub" + put(100)
    for level in range(levels):
        made += get(0) + b")\x81}(" + get(1) + b"}" + get(2) + b"}" + get(3) + b"}" + text("a") + get(100 + level)
        made += b"sub" + put(101 + level)
    return made + b"."


def zipped(pickled: bytes) -> bytes:
    """The pickle as torch keeps one, with a storage of four floats beside it."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("a/data.pkl", HEAD + pickled)
        archive.writestr("a/data/0", bytes(16))
    return stream.getvalue()


def with_holes(size: int) -> bytes:
    """A tar file of 1.5 kB whose member is `size` bytes of nothing (GNU's old sparse format)."""
    header = bytearray(512)
    for at, field in ((0, b"model_weights.ckpt"), (100, b"0000644\0"), (124, b"0" * 11 + b"\0"),
                      (136, b"0" * 11 + b"\0"), (156, b"S"), (257, b"ustar  \0"),
                      (386, b"\x80" + size.to_bytes(11, "big")),
                      (398, b"0" * 11 + b"\0"), (483, b"\x80" + size.to_bytes(11, "big")), (148, b" " * 8)):
        header[at : at + len(field)] = field
    header[148:156] = b"%06o\0 " % sum(header)
    return bytes(header) + bytes(1024)


def long_names(count: int) -> bytes:
    """A tar file in which a long name follows a long name follows a long name ..."""
    head = tarfile.TarInfo("././@LongLink")
    head.type, head.size = tarfile.GNUTYPE_LONGNAME, 10
    one = head.tobuf(tarfile.GNU_FORMAT) + b"a" * 512
    return one * count + tarfile.TarInfo("x").tobuf() + bytes(1024)


_DOUBLING_TEXT = b"".join(b"0" + get(0) + get(1 + k) * 2 + b"\x86R" + put(2 + k) for k in range(45))
_LARGE = number(2**500) + put(1) + b"0"

BOMBS = {
    "a key of 2 ** 60 values": zipped(b"}" + doubled(60) + b"K\x01s."),
    "a storage's key of 2 ** 60 values": zipped(storage(doubled(60)) + b"."),
    "a device of 2 ** 60 values": zipped(b"ctorch\ndevice\n" + doubled(60) + b"\x85R."),
    "a shape of 2 ** 60 values": zipped(tensor(doubled(60))),
    "a shape of 20,000 huge numbers": zipped(_LARGE + tensor(b"(" + get(1) * 20_000 + b"t")),
    "60,000 keys of one hash": zipped(
        b"}(" + b"".join(number(k * (2**61 - 1)) + b"N" for k in range(1, 60_000)) + b"u."),
    "a set of 60,000 members of one hash": zipped(
        b"c__builtin__\nset\n](" + b"".join(number(k * (2**61 - 1)) for k in range(1, 60_000)) + b"e\x85R."),
    "a text that doubles 45 times": zipped(b"ctorch\ndevice\n" + put(0) + text("a") + put(1) + _DOUBLING_TEXT + b"."),
    "10,000 copies of a megabyte": zipped(
        b"c_codecs\nencode\n" + put(0) + text("a" * 10**6) + put(1)
        + b"(" + (get(0) + get(1) + b"\x85R") * 10_000 + b"l."),
    "10,000 copies of a table": zipped(
        b"ccollections\nOrderedDict\n" + put(0) + b"}(" + b"".join(text(str(k)) + b"N" for k in range(20_000)) + b"u"
        + put(1) + b"(" + (get(0) + get(1) + b"\x85R") * 10_000 + b"l."),
    "a chain of modules": zipped(chain_of_modules(50_000, 3_000)),
    "a key a million deep": zipped(b"})" + b"\x85" * 1_000_000 + b"K\x01s."),
    "a shape of nothing that is too large": zipped(tensor(b"(" + number(0) + number(2**40) * 2 + b"t")),
    "a length of 2 ** 62": HEAD + b"\x8d" + struct.pack("<Q", 2**62) + b"abc.",
    "a member of 32 GB of holes": with_holes(2**35),
    "a member of 3 GB of holes": with_holes(3 * 2**30),
    "3,000 long names": long_names(3_000),
}
"""Files of 15 bytes to 6 MB."""
