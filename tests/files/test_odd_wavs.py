"""WAVs that are odd in one way each: their samples come, and what was odd is said."""

import struct

import numpy as np
import pytest
from odd_files import chunk, form, riff, steps

from vocolab.audio import Audio
from vocolab.errors import AudioError
from vocolab.files.reader import open_audio

DATA = steps().tobytes()
PEAK = chunk(b"PEAK", struct.pack("<IIfI", 1, 0, 0.3, 12))
LONG_SIZES = chunk(b"ds64", struct.pack("<QQQI", 0, 0, 0, 0))
FULL_SIZES = chunk(b"ds64", struct.pack("<QQQI", len(DATA) + 72, len(DATA), 16_000, 0))

UNNOTED = {
    "odd chunk without a pad byte": riff(form(), chunk(b"LIST", b"INFOINAM\x05\0\0\0title", padded=False),
                                         chunk(b"data", DATA)),
    "odd chunk with one": riff(form(), chunk(b"LIST", b"INFOINAM\x05\0\0\0title"), chunk(b"data", DATA)),
    "peaks of another number of channels": riff(form(), PEAK, PEAK, chunk(b"data", DATA)),
    "BW64": riff(FULL_SIZES, form(), chunk(b"data", DATA, 0xFFFF_FFFF), size=0xFFFF_FFFF, magic=b"BW64"),
    "RF64": riff(FULL_SIZES, form(), chunk(b"data", DATA, 0xFFFF_FFFF), size=0xFFFF_FFFF, magic=b"RF64"),
    "data before fmt": riff(chunk(b"data", DATA), form()),
    "RIFF of size 0": riff(form(), chunk(b"data", DATA), size=0),
}
NOTED = {
    "data of size 0": (riff(form(), chunk(b"data", DATA, 0), size=36), "states another length"),
    "all sizes 0": (riff(form(), chunk(b"data", DATA, 0), size=0), "states another length"),
    "RF64 of size 0": (riff(LONG_SIZES, form(), chunk(b"data", DATA, 0xFFFF_FFFF), magic=b"RF64"), "another length"),
    "size of a pipe": (riff(form(), chunk(b"data", DATA, 0xFFFF_FFFF), size=0xFFFF_FFFF), "another length"),
    "two data chunks": (riff(form(), chunk(b"data", DATA), chunk(b"data", DATA)), "1 more data chunk,"),
    "two files": (2 * riff(form(), chunk(b"data", DATA)), "another WAV stands behind this one"),
    "half of it stated": (riff(form(), chunk(b"data", DATA + b"\x01\x02" * 4000, len(DATA))),
                          "bytes after the samples"),
}


@pytest.mark.parametrize("name", UNNOTED)
def test_what_has_nothing_to_do_with_the_samples_is_passed_over(tmp_path, name):
    path = tmp_path / "a.wav"
    path.write_bytes(UNNOTED[name])
    file = open_audio(path)
    assert file.notes == ()
    np.testing.assert_array_equal(Audio.of(file).samples * 32_768, steps().T)


@pytest.mark.parametrize("name", NOTED)
def test_what_is_there_is_read_and_the_rest_is_said(tmp_path, name):
    path = tmp_path / "a.wav"
    path.write_bytes(NOTED[name][0])
    file = open_audio(path)
    (note,) = file.notes
    assert NOTED[name][1] in note
    assert note.startswith(f"{path}: ")
    np.testing.assert_array_equal(Audio.of(file).samples * 32_768, steps().T)


@pytest.mark.parametrize(("content", "said"), [
    (riff(form(), chunk(b"data", b"")), "holds no samples"),
    (riff(form()), "no data chunk"),
    (riff(chunk(b"data", DATA)), "no fmt chunk"),
    (riff(chunk(b"fmt ", struct.pack("<HHIIHH", 3, 1, 16_000, 32_000, 2, 16)), chunk(b"data", DATA)), "16-bit floats"),
])  # fmt: skip
def test_what_can_not_be_read_is_named(tmp_path, content, said):
    path = tmp_path / "a.wav"
    path.write_bytes(content)
    with pytest.raises(AudioError, match=said):
        open_audio(path)


def test_names_that_are_no_text(tmp_path):
    path = tmp_path / b"caf\xe9.wav".decode("utf-8", "surrogateescape")
    path.write_bytes(riff(form(), chunk(b"data", DATA)))
    assert open_audio(path).n_samples == 16_000
