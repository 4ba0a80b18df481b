"""Channel layouts: read, ordered, measured by what each channel is for, mixed down, and written."""

import math
import struct

import numpy as np
import pytest
import soundfile
from odd_files import wav_of_mask

from vocolab.audio import Audio
from vocolab.chain.channels import Rechannelled
from vocolab.errors import AudioError, CallError
from vocolab.files.formats import Form
from vocolab.files.reader import open_audio
from vocolab.files.writer import write_audio
from vocolab.layouts import from_mask, layout_of, named_layout, ordered
from vocolab.loudness import measure
from vocolab.tags import Tags

RATE = 48_000


def sine(level_db, hz=1000.0, seconds=2.0):
    return 10 ** (level_db / 20) * np.sin(2 * np.pi * hz * np.arange(round(seconds * RATE)) / RATE)


def levels_of(name, quiet_db=-30.0, lfe_db=-6.0):
    """A quiet tone for every loudspeaker, and a loud low one for the LFE."""
    return np.stack([sine(lfe_db, 60.0) if s == "LFE" else sine(quiet_db) for s in named_layout(name).speakers])


@pytest.fixture
def stored(tmp_path):
    def store(name, samples=None, mask=None):
        path = tmp_path / "a.wav"
        samples = levels_of(name) if samples is None else samples
        path.write_bytes(wav_of_mask(samples, named_layout(name).mask if mask is None else mask, RATE))
        return path

    return store


@pytest.mark.parametrize(("name", "weights"), [
    ("mono", 1), ("stereo", 2), ("2.1", 2), ("3.0", 3), ("3.1", 3), ("quad", 2 + 2 * 1.41),
    ("quad (side)", 2 + 2 * 1.41),
    ("4.0", 3 + 1.41), ("4.1", 2 + 2 * 1.41), ("5.0 (side)", 3 + 2 * 1.41), ("5.1", 3 + 2 * 1.41),
    ("5.1 (side)", 3 + 2 * 1.41), ("6.1", 4 + 2 * 1.41), ("7.1", 5 + 2 * 1.41),
])  # fmt: skip
def test_loudness_counts_each_channel_by_what_it_is_for(stored, name, weights):
    """BS.1770-5: the LFE not, two surrounds 1.41 times, the rest once; a sine of -30 dBFS is at -33.0 LUFS."""
    wanted = -30.0 - 3.01 + 10 * math.log10(weights)
    file = open_audio(stored(name))
    assert str(file.layout) == name
    assert file.notes == ()
    assert measure(file).integrated_lufs == pytest.approx(wanted, abs=0.05)


def test_no_layout_is_said_to_be_assumed(stored):
    file = open_audio(stored("5.1", mask=0))
    assert file.layout is None
    assert layout_of(file) == named_layout("5.1")
    assert "6 channels, and the file does not say which; taken as 5.1 (FL FR FC LFE BL BR)" in file.notes[0]


def test_a_mask_for_fewer_channels_says_nothing(stored):
    file = open_audio(stored("5.1", mask=0b11))
    assert file.layout is None
    assert "mask 0x3 is for other than its 6 channels" in file.notes[0]


def test_a_mask_for_more_counts_from_its_lowest_bit():
    assert from_mask(0b111111, 2) == named_layout("stereo")


@pytest.mark.parametrize("codec", ["VORBIS", "OPUS"])
@pytest.mark.parametrize(("channels", "speakers"), [(3, "FL FC FR"), (5, "FL FC FR BL BR"), (6, "FL FC FR BL BR LFE")])
def test_vorbis_and_opus_have_an_order_of_their_own(tmp_path, codec, channels, speakers):
    hz = [60.0 if speaker == "LFE" else 1000.0 for speaker in speakers.split()]
    given = np.stack([sine(-12.0 - 3 * index, hz[index], 1.0) for index in range(channels)])
    soundfile.write(tmp_path / "a.ogg", given.T, RATE, format="OGG", subtype=codec)
    audio = Audio.load(tmp_path / "a.ogg")
    layout, order = ordered(speakers.split())
    assert audio.layout == layout
    rms = np.sqrt(np.mean(np.square(audio.samples), axis=1))
    assert 20 * np.log10(rms) + 3.01 == pytest.approx([-12.0 - 3 * index for index in order], abs=2.5)


def test_flac_defines_what_its_channels_are(tmp_path):
    soundfile.write(tmp_path / "a.flac", np.zeros((100, 7)), RATE)
    assert str(open_audio(tmp_path / "a.flac").layout) == "6.1"


@pytest.mark.parametrize(("tag", "speakers"), [
    (121 << 16 | 6, "FL FR FC LFE BL BR"), (124 << 16 | 6, "FC FL FR BL BR LFE"),
])  # fmt: skip
def test_apple_names_an_order(tmp_path, tag, speakers):
    """An AIFF with a chunk CHAN, which libsndfile reads past."""
    given = np.repeat(np.arange(6)[:, None] / 10, 50, axis=1)
    soundfile.write(tmp_path / "a.aiff", given.T, RATE, subtype="PCM_16")
    data = (tmp_path / "a.aiff").read_bytes()
    content = struct.pack(">III", tag, 0, 0)
    at = data.index(b"SSND")
    whole = data[:at] + b"CHAN" + struct.pack(">I", len(content)) + content + data[at:]
    (tmp_path / "a.aiff").write_bytes(whole[:4] + struct.pack(">I", len(whole) - 8) + whole[8:])
    audio = Audio.load(tmp_path / "a.aiff")
    layout, order = ordered(speakers.split())
    assert audio.layout == layout
    np.testing.assert_allclose(audio.samples[:, 0], [index / 10 for index in order], atol=1e-4)


@pytest.mark.parametrize("suffix", ["wav", "flac"])
@pytest.mark.parametrize("name", ["2.1", "3.0", "3.1", "quad", "quad (side)", "4.0", "4.1", "5.1", "5.1 (side)", "7.1"])
def test_a_file_is_written_with_the_layout_that_came(stored, tmp_path, name, suffix):
    write_audio(open_audio(stored(name)), tmp_path / f"b.{suffix}")
    again = open_audio(tmp_path / f"b.{suffix}")
    assert str(again.layout) == name
    np.testing.assert_allclose(Audio.of(again).samples, Audio.load(tmp_path / "a.wav").samples, atol=1e-6)


@pytest.mark.parametrize(
    ("name", "mask"), [("2.1", "0x000B"), ("3.0", ""), ("4.1", "0x003B"), ("5.1 (side)", "0x060F")],
)
def test_flac_notes_a_layout_that_it_would_not_take_it_for(stored, tmp_path, name, mask):
    """RFC 9639, section 8.6.2: the field and its number in hexadecimal."""
    write_audio(open_audio(stored(name)), tmp_path / "b.flac", Form(tags=Tags(title="t")))
    field = b"WAVEFORMATEXTENSIBLE_CHANNEL_MASK="
    data = (tmp_path / "b.flac").read_bytes()
    assert (field in data) == bool(mask)
    assert not mask or data.split(field)[1].startswith(mask.encode())


def test_what_was_not_stated_is_not_written(stored, tmp_path):
    write_audio(open_audio(stored("5.1", mask=0)), tmp_path / "b.wav")
    assert open_audio(tmp_path / "b.wav").layout is None


def test_a_format_that_can_not_hold_it_names_the_way_out(stored, tmp_path):
    with pytest.raises(CallError, match="holds 1 to 2 channels, not 6; --channels 2 mixes down"):
        write_audio(open_audio(stored("5.1")), tmp_path / "b.mp3")


HALF = math.sqrt(0.5)


@pytest.mark.parametrize(("name", "left", "mono"), [
    ("5.1", [1, 0, HALF, 0, HALF, 0], [HALF, HALF, 1, 0, 0.5, 0.5]),
    ("5.0 (side)", [1, 0, HALF, HALF, 0], [HALF, HALF, 1, 0.5, 0.5]),
    ("4.0", [1, 0, HALF, 0.5], [HALF, HALF, 1, HALF]),
    ("2.1", [1, 0, 0], [HALF, HALF, 0]),
])  # fmt: skip
def test_mixing_down_follows_bs775(name, left, mono):
    layout = named_layout(name)
    impulses = Audio(np.eye(layout.channels, dtype=np.float32), RATE, layout)
    stereo = Audio.of(Rechannelled(impulses, 2)).samples
    np.testing.assert_allclose(stereo[0], left, atol=1e-6)
    np.testing.assert_allclose(Audio.of(Rechannelled(impulses, 1)).samples[0], mono, atol=1e-6)
    assert Audio.of(Rechannelled(impulses, 2)).layout is None


def test_what_nobody_can_mix_down_is_refused_by_name():
    with pytest.raises(AudioError, match="8 channels can't be made 2: nothing says which loudspeakers"):
        Rechannelled(Audio(np.zeros((8, 10), np.float32), RATE), 2)
    above = from_mask(0b111 | 1 << 12, 4)
    with pytest.raises(AudioError, match="does not say where TFL goes"):
        Rechannelled(Audio(np.zeros((4, 10), np.float32), RATE, above), 2)


def test_a_layout_of_other_channels_is_refused():
    with pytest.raises(AudioError, match=r"the layout 5\.1 is of 6 channels, not 2"):
        Audio(np.zeros((2, 10), np.float32), RATE, named_layout("5.1"))
