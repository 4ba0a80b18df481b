"""Tags go from a recording to what is made of it, whichever formats they have; times move; what is lost is said."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace

import numpy as np
import pytest
from tagged import FULL, RATE, jpeg, picture, png, tone

from vocolab.audio import Audio
from vocolab.chain.chain import Chain
from vocolab.files.formats import CONTAINERS, Form
from vocolab.files.reader import open_audio
from vocolab.files.writer import write_audio
from vocolab.signals import DerivedSignal
from vocolab.tags import Broadcast, Chapter, Origin, Tags, moved
from vocolab_mastering.options_edit import PadOptions, TrimOptions
from vocolab_mastering.pad import Pad
from vocolab_mastering.trim import Trim

SUFFIXES = list(CONTAINERS)
needs_ffmpeg = pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="ffmpeg is not installed")


@pytest.mark.parametrize("old", SUFFIXES)
@pytest.mark.parametrize("new", SUFFIXES)
def test_from_any_format_to_any(tmp_path, old, new):
    write_audio(tone(), tmp_path / f"a{old}", Form(tags=FULL))
    report = write_audio(open_audio(tmp_path / f"a{old}"), tmp_path / f"b{new}")
    assert report.not_kept == ()
    first, second = (open_audio(tmp_path / name).origin.tags for name in (f"a{old}", f"b{new}"))
    assert {name.casefold(): texts for name, texts in second.values if name != "description"} == {
        name.casefold(): texts for name, texts in first.values if name != "description"
    }
    assert second.cover == FULL.cover
    assert [(chapter.title, round(chapter.start_s, 3)) for chapter in second.chapters] == [
        (chapter.title, round(chapter.start_s, 3)) for chapter in FULL.chapters
    ]
    assert second.broadcast.time_s == 3600.5
    assert second.broadcast.originator == "vocolab"


def test_what_is_stated_wins(tmp_path):
    write_audio(tone(), tmp_path / "a.flac", Form(tags=FULL))
    form = Form(tags=Tags(title="Other", cover=picture(jpeg())))
    write_audio(open_audio(tmp_path / "a.flac"), tmp_path / "b.mp3", form)
    tags = open_audio(tmp_path / "b.mp3").origin.tags
    assert (tags.title, tags.album, tags.cover.mime) == ("Other", "The Book", "image/jpeg")
    write_audio(open_audio(tmp_path / "a.flac"), tmp_path / "c.mp3", replace(form, keeps_tags=False))
    assert open_audio(tmp_path / "c.mp3").origin.tags == form.tags


def test_python_keeps_them_too(tmp_path):
    write_audio(tone(), tmp_path / "a.flac", Form(tags=FULL))
    audio = Audio.load(tmp_path / "a.flac")
    audio.save(tmp_path / "b.wav", tags=Tags(title="New"))
    assert open_audio(tmp_path / "b.wav").origin.tags.album == "The Book"
    replace(audio, origin=None).save(tmp_path / "c.wav")
    assert open_audio(tmp_path / "c.wav").origin is None


SILENT_S = 0.5


@pytest.fixture
def padded():
    """Half a second of silence, a second of sound, half a second of silence; four chapters and a time of day."""
    silence = np.zeros((1, round(SILENT_S * RATE)), np.float32)
    samples = np.concatenate([silence, tone(1.0).samples, silence], axis=1)
    chapters = [Chapter(0.0, "cut", 0.25), Chapter(0.25, "begins"), Chapter(0.75, "later"), Chapter(1.75, "gone")]
    tags = Tags(title="t", chapters=chapters, broadcast=Broadcast("d", time_s=100.0))
    return Audio(samples, RATE, origin=Origin(tags))


def test_times_move_with_what_is_trimmed(tmp_path, padded):
    chain = Chain([Trim(TrimOptions(keep_ms=0.0))])
    report = write_audio(chain.run(padded), tmp_path / "a.wav")
    tags = open_audio(tmp_path / "a.wav").origin.tags
    assert report.seconds == pytest.approx(1.0, abs=0.02)
    assert tags.broadcast.time_s == pytest.approx(100.5, abs=0.011)
    assert [(chapter.title, chapter.start_s) for chapter in tags.chapters] == [
        ("begins", 0.0), ("later", pytest.approx(0.25, abs=0.011)),
    ]  # fmt: skip
    assert report.not_kept == ("the chapter 'cut' (it is cut off)", "the chapter 'gone' (it is cut off)")


@pytest.mark.parametrize("room_tone", [False, True])
def test_times_move_with_what_is_put_before(tmp_path, padded, room_tone):
    chain = Chain([Pad(PadOptions(head_s=0.75, tail_s=0.5, room_tone=room_tone))])
    write_audio(chain.run(padded), tmp_path / "a.flac")
    tags = open_audio(tmp_path / "a.flac").origin.tags
    assert tags.broadcast.time_s == 99.25
    assert [chapter.start_s for chapter in tags.chapters] == [0.75, 1.0, 1.5, 2.5]


def test_another_rate_keeps_the_time(tmp_path, padded):
    from vocolab.delivery.output import Output

    chain = Chain([], output=Output(sample_rate_hz=44_100))
    write_audio(chain.run(padded), tmp_path / "a.wav")
    tags = open_audio(tmp_path / "a.wav").origin.tags
    assert tags.broadcast.time_s == 100.0
    assert [chapter.start_s for chapter in tags.chapters] == pytest.approx([0.0, 0.25, 0.75, 1.75], abs=1e-4)


class Slower(DerivedSignal):
    """Twice as long, and says nothing of its time."""

    def __init__(self, signal):
        super().__init__(signal, n_samples=2 * signal.n_samples)

    def blocks(self, block_samples=65_536):
        for block in self.source.blocks(block_samples):
            yield np.repeat(block, 2, axis=1)


def test_of_another_time_nobody_knows_the_chapters(tmp_path, padded):
    report = write_audio(Slower(padded), tmp_path / "a.wav")
    tags = open_audio(tmp_path / "a.wav").origin.tags
    assert (tags.title, tags.chapters, tags.broadcast.description) == ("t", (), "d")
    assert report.not_kept == ("4 chapters (an effect has changed the time)",
                               "the time reference (an effect has changed the time)")


def test_no_time_is_before_midnight():
    tags, lost = moved(Origin(Tags(broadcast=Broadcast("d", time_s=0.5))).moved(-1.0), 10.0)
    assert tags.broadcast.time_s is None
    assert lost == ["the time reference (it would be before midnight)"]


def test_levels_of_other_audio_are_not_kept(tmp_path):
    gains = {"REPLAYGAIN_TRACK_GAIN": "-3.00 dB", "R128_TRACK_GAIN": "-512", "iTunNORM": "00", "OWN": "x"}
    write_audio(tone(), tmp_path / "a.flac", Form(tags=Tags(gains)))
    report = write_audio(open_audio(tmp_path / "a.flac"), tmp_path / "b.flac")
    assert open_audio(tmp_path / "b.flac").origin.tags == Tags(OWN="x")
    (said,) = report.not_kept
    assert said == "ITUNNORM, R128_TRACK_GAIN, REPLAYGAIN_TRACK_GAIN (the audio has another level now)"


@needs_ffmpeg
@pytest.mark.parametrize("name", ["a.m4a", "a.wma", "a.mka", "a.webm", "a.mp4"])
def test_from_formats_that_ffmpeg_reads(tmp_path, name):
    write_audio(tone(1.0), tmp_path / "a.wav")
    (tmp_path / "c.png").write_bytes(png(64, 64))
    (tmp_path / "m.txt").write_text(
        ";FFMETADATA1\ntitle=Grö\\=ße\nartist=Two\ntrack=3/9\nALBUM=Book\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=400\n"
        "title=Eins\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=400\nEND=1000\ntitle=Zwei\n"
    )
    has_cover = name == "a.m4a"
    cover = ["-i", "c.png", "-map", "2:v", "-c:v", "copy", "-disposition:v:0", "attached_pic"] if has_cover else []
    codec = ["-c:a", "libopus"] if name == "a.webm" else []
    subprocess.run(
        ["ffmpeg", "-v", "error", "-i", "a.wav", "-i", "m.txt", *cover[:2], "-map", "0:a", "-map_metadata", "1",
         *cover[2:], *codec, name],
        cwd=tmp_path, check=True,
    )  # fmt: skip
    origin = open_audio(tmp_path / name).origin
    assert (origin.tags.title, origin.tags.artist, origin.tags.album) == ("Grö=ße", "Two", "Book")
    assert origin.tags.track.startswith("3")
    if name != "a.wma":
        assert [chapter.title for chapter in origin.tags.chapters] == ["Eins", "Zwei"]
        starts_s = [chapter.start_s for chapter in origin.tags.chapters]
        assert starts_s == pytest.approx([0.0, 0.4], abs=0.02), "Opus in WebM begins a little late"
    if cover:
        assert origin.tags.cover.data == png(64, 64)
    write_audio(open_audio(tmp_path / name), tmp_path / "b.mp3")
    assert open_audio(tmp_path / "b.mp3").origin.tags.title == "Grö=ße"


@needs_ffmpeg
def test_from_aiff_and_caf(tmp_path):
    write_audio(tone(), tmp_path / "a.wav")
    for name in ("a.aiff", "a.caf"):
        id3 = ["-write_id3v2", "1"] if name == "a.aiff" else []
        subprocess.run(["ffmpeg", "-v", "error", "-i", "a.wav", "-metadata", "title=Öl", "-metadata", "artist=B", *id3,
                        name], cwd=tmp_path, check=True)  # fmt: skip
        tags = open_audio(tmp_path / name).origin.tags
        assert (tags.title, tags.artist) == ("Öl", "B")


def test_chunks_that_nobody_knows_are_named(tmp_path):
    path = write_audio(tone(), tmp_path / "a.wav").path
    data = path.read_bytes()
    at = data.index(b"data")
    more = b"iXML" + (4).to_bytes(4, "little") + b"<a/>"
    path.write_bytes(data[:4] + (len(data) - 8 + len(more)).to_bytes(4, "little") + data[8:at] + more + data[at:])
    assert write_audio(open_audio(path), tmp_path / "b.wav").not_kept == ("the chunk iXML",)
