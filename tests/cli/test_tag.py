"""`vocolab tag`: tags and gains are written, and not a byte of the audio is another one."""

from __future__ import annotations

import math
import shutil
import struct
from pathlib import Path

import numpy as np
import pytest

from vocolab.audio import Audio
from vocolab.files.reader import open_audio
from vocolab.files.riff import read_wave
from vocolab.files.tags.flac import read_blocks
from vocolab.files.tags.id3 import read_id3
from vocolab.files.tags.ogg_tags import read_beginning
from vocolab.loudness import measure
from vocolab.tags import Broadcast, Chapter, Tags

RATE = 48_000
NAMES = ["a.wav", "a.flac", "a.ogg", "a.opus", "a.mp3"]
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes.fromhex("0000000200000001080200000000000000")


def tone(level_db: float, seconds: float = 3.0) -> Audio:
    """A sine of 1 kHz: at -23 dBFS in mono it is at -26 LUFS, by BS.1770."""
    sine = 10 ** (level_db / 20) * np.sin(2 * np.pi * 1000 * np.arange(round(seconds * RATE)) / RATE)
    return Audio.mono(sine.astype(np.float32), RATE)


def frames_of(path: Path) -> bytes:
    """The coded audio: all that is no tag, and of Ogg pages what is in them."""
    with path.open("rb") as stream:
        data = stream.read()
        if path.suffix == ".wav":
            chunk = read_wave(stream).first(b"data")
            return data[chunk.start : chunk.start + chunk.size]
        if path.suffix == ".flac":
            return data[read_blocks(stream).end :]
        if path.suffix == ".mp3":
            tag = read_id3(stream)
            return data[tag.size if tag else 0 :]
        at, packets = read_beginning(stream).end, b""
        while at < len(data):
            n_sizes = data[at + 26]
            start = at + 27 + n_sizes
            size = sum(data[at + 27 : start])
            packets += data[at : at + 14] + data[start : start + size]  # without number and checksum
            at = start + size
        return packets


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def tags_of(name) -> Tags:
    origin = open_audio(name).origin
    return origin.tags if origin else Tags()


@pytest.mark.parametrize("name", NAMES)
def test_gains_are_noted_and_the_audio_stays(cli, folder, name):
    stated = Tags({"Own": "x"}, title="One", chapters=[Chapter(0.0, "c")])
    tone(-23.0).save(name, tags=stated)
    before, frames = Audio.load(name), frames_of(Path(name))
    result = cli("tag", name, "--replay-gain")
    assert result.code == 0, result.err
    assert frames_of(Path(name)) == frames
    np.testing.assert_array_equal(Audio.load(name).samples, before.samples)
    tags, read = tags_of(name), measure(open_audio(name))
    assert (tags.title, tags.get("own"), len(tags.chapters)) == ("One", "x", 1)
    if name == "a.opus":
        assert int(tags.get("R128_TRACK_GAIN")) == round(256 * (-23 - read.integrated_lufs))
        assert not tags.get("REPLAYGAIN_TRACK_GAIN")
    else:
        gain, unit = tags.get("REPLAYGAIN_TRACK_GAIN").split()
        assert (float(gain), unit) == (pytest.approx(-18 - read.integrated_lufs, abs=0.006), "dB")
        peak = float(tags.get("REPLAYGAIN_TRACK_PEAK"))
        assert peak == pytest.approx(10 ** (read.true_peak_dbtp / 20), abs=1e-4)
        assert peak >= np.abs(before.samples).max() - 1e-6
    assert not tags.get("REPLAYGAIN_ALBUM_GAIN")


def test_the_gain_of_a_known_tone(cli, folder):
    """EBU Tech 3341, case 1: a stereo sine of -23 dBFS is at -23 LUFS: 5 dB under ReplayGain's level."""
    mono = tone(-23.0, 20.0)
    Audio(np.repeat(mono.samples, 2, axis=0), RATE).save("a.flac")
    assert cli("tag", "a.flac", "--replay-gain").code == 0
    assert float(tags_of("a.flac").get("REPLAYGAIN_TRACK_GAIN").split()[0]) == pytest.approx(5.0, abs=0.1)
    Audio(np.repeat(mono.samples, 2, axis=0), RATE).save("a.opus")
    assert cli("tag", "a.opus", "--replay-gain").code == 0
    assert int(tags_of("a.opus").get("R128_TRACK_GAIN")) == pytest.approx(0, abs=26)


def test_of_an_album_there_is_one_gain(cli, folder):
    tone(-20.0).save("1.flac")
    tone(-30.0).save("2.mp3")
    tone(-24.0).save("3.opus")
    result = cli("tag", "1.flac", "2.mp3", "3.opus", "--replay-gain", "--album", "--number-tracks", "--json")
    assert result.code == 0, result.err
    first, second, third = tags_of("1.flac"), tags_of("2.mp3"), tags_of("3.opus")
    gain = float(first.get("REPLAYGAIN_ALBUM_GAIN").split()[0])
    assert second.get("REPLAYGAIN_ALBUM_GAIN") == first.get("REPLAYGAIN_ALBUM_GAIN")
    assert float(second.get("REPLAYGAIN_ALBUM_PEAK")) == float(first.get("REPLAYGAIN_ALBUM_PEAK")) == pytest.approx(
        0.1, abs=0.005)  # fmt: skip
    assert int(third.get("R128_ALBUM_GAIN")) / 256 == pytest.approx(gain - 5, abs=0.01)
    track_db = float(first.get("REPLAYGAIN_TRACK_GAIN").split()[0])
    mean_power = (1 + 10 ** (-10 / 10) + 10 ** (-4 / 10)) / 3  # all of it is within 10 LU of that
    assert gain == pytest.approx(track_db - 10 * math.log10(mean_power), abs=0.2)
    assert [tags.track for tags in (first, second, third)] == ["1/3", "2/3", "3/3"]
    assert [row["tags"]["track"] for row in result.json] == ["1/3", "2/3", "3/3"]


def test_a_broadcast_wav_gets_its_readings(cli, folder):
    """EBU Tech 3285, version 2: hundredths at their places, and nothing else of the chunk is another."""
    tone(-23.0, 5.0).save("a.wav", tags=Tags(broadcast=Broadcast("scene", time_s=60.0)))
    assert cli("tag", "a.wav", "--replay-gain").code == 0
    data, read = Path("a.wav").read_bytes(), measure(open_audio("a.wav"))
    body = data[data.index(b"bext") + 8 :]
    assert struct.unpack_from("<H", body, 346) == (2,)
    assert struct.unpack_from("<5h", body, 412) == tuple(round(100 * value) for value in (
        read.integrated_lufs, read.loudness_range_lu, read.true_peak_dbtp, read.momentary_max_lufs,
        read.short_term_max_lufs))  # fmt: skip
    assert tags_of("a.wav").broadcast == Broadcast("scene", time_s=60.0)


@pytest.mark.parametrize("name", NAMES)
def test_tags_are_written_and_taken_out(cli, folder, name):
    tone(-23.0).save(name, tags=Tags(title="One", artist="Me", comment="gone"))
    Path("c.png").write_bytes(PNG)
    frames = frames_of(Path(name))
    result = cli("tag", name, "--tag", "title=Zwölf", "--tag", "Album Artist=B", "--cover", "c.png",
                 "--remove", "comment", "-o", f"new/b{Path(name).suffix}")  # fmt: skip
    assert result.code == 0, result.err
    tags = tags_of(f"new/b{Path(name).suffix}")
    assert (tags.title, tags.artist, tags.album_artist, tags.comment) == ("Zwölf", "Me", "B", "")
    assert (tags.cover.width, tags.cover.mime) == (2, "image/png")
    assert frames_of(Path("new", f"b{Path(name).suffix}")) == frames
    assert tags_of(name).title == "One"


@pytest.mark.parametrize("name", ["a.flac", "a.mp3", "a.wav"])
def test_what_nobody_knows_stays(cli, folder, name):
    """In place nothing is lost that was not named."""
    tone(-23.0).save(name, tags=Tags(title="One"))
    data = Path(name).read_bytes()
    if name == "a.flac":
        data = data[:4] + b"\x02\0\0\x06testxy" + data[4:]
        streaminfo = data[14:52]
        data = data[:4] + streaminfo + data[4:14] + data[52:]
        wanted = b"testxy"
    elif name == "a.wav":
        at = data.index(b"data")
        data = data[:4] + struct.pack("<I", len(data) + 4) + data[8:at] + b"iXML\4\0\0\0<a/>" + data[at:]
        wanted = b"iXML\4\0\0\0<a/>"
    else:
        size = data[9] + 10 + 6
        data = data[:9] + bytes([size]) + data[10:] if size < 128 else data
        data = data[:10] + b"PRIV\0\0\0\6\0\0owner\0" + data[10:]
        wanted = b"owner\0"
    Path(name).write_bytes(data)
    assert cli("tag", name, "--tag", "title=Two").code == 0
    assert wanted in Path(name).read_bytes()
    assert tags_of(name).title == "Two"


def test_old_tags_of_other_levels_go(cli, folder):
    tone(-23.0).save("a.opus", tags=Tags({"REPLAYGAIN_TRACK_GAIN": "-3 dB"}))
    tone(-23.0).save("a.flac", tags=Tags({"replaygain_track_gain": "-3 dB"}))
    assert cli("tag", "a.opus", "a.flac", "--replay-gain").code == 0
    assert not tags_of("a.opus").get("REPLAYGAIN_TRACK_GAIN")
    assert float(tags_of("a.flac").get("REPLAYGAIN_TRACK_GAIN").split()[0]) > 0
    assert open_audio("a.flac").origin.tags.items().count(("REPLAYGAIN_TRACK_GAIN", "-3 dB")) == 0


def test_folders_dry_runs_and_files_that_fail(cli, folder):
    Path("in/sub").mkdir(parents=True)
    tone(-23.0).save("in/a.flac")
    shutil.copy("in/a.flac", "in/sub/b.flac")
    Path("in/c.flac").write_bytes(b"fLaC")
    before = Path("in/a.flac").read_bytes()
    result = cli("tag", "in", "--tag", "album=B", "--dry-run")
    assert (result.code, Path("in/a.flac").read_bytes()) == (1, before)
    result = cli("tag", "in", "--tag", "album=B", "--out-dir", "out")
    assert result.code == 1
    assert "in/c.flac" in result.err
    assert "1 of 3 files failed" in result.err
    assert [tags_of(name).album for name in ("out/a.flac", "out/sub/b.flac")] == ["B", "B"]


def test_silence_has_no_gain(cli, folder):
    Audio.mono(np.zeros(RATE, np.float32), RATE).save("a.flac")
    result = cli("tag", "a.flac", "--replay-gain", "--album")
    assert result.code == 0
    assert "it has no loudness, and gets no gain" in result.err
    assert not tags_of("a.flac")


@pytest.mark.parametrize(("arguments", "code", "said"), [
    (("a.flac",), 2, "say what to write: --tag"),
    (("a.flac", "--tag", "title="), 2, "give a text; 'vocolab tag --remove title'"),
    (("a.flac", "--tag", "title=a", "--remove", "Title"), 2, "another option states it"),
    (("a.flac", "--album", "--tag", "title=a"), 2, "goes with --replay-gain"),
    (("a.flac", "--tag", "track=1", "--number-tracks"), 2, "exclude each other"),
    (("a.flac", "--remove", "tilte"), 2, "did you mean title"),
    (("a.flac", "--cover", "a.flac"), 1, "neither a JPEG nor a PNG"),
    (("a.flac", "--tag", "title=a", "-o", "b.mp3"), 2, "keeps its format"),
    (("-", "--tag", "title=a"), 2, "tags are written into files"),
    (("a.aiff", "--tag", "title=a"), 1, "WAV, FLAC, Ogg Vorbis, Opus and MP3 only"),
])  # fmt: skip
def test_calls_that_can_not_be(cli, folder, arguments, code, said):
    import soundfile

    tone(-23.0).save("a.flac")
    soundfile.write("a.aiff", np.zeros(100), RATE)
    before = Path("a.flac").read_bytes()
    result = cli("tag", *arguments)
    assert (result.code, said in result.error) == (code, True), result.err
    assert Path("a.flac").read_bytes() == before
