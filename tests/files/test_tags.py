"""Tags are written into every format, read from it, and read by other programs."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tagged import FULL, RATE, jpeg, picture, png, probed, tone

from vocolab.audio import Audio
from vocolab.errors import CallError, InputError
from vocolab.files.formats import CONTAINERS, Form
from vocolab.files.reader import open_audio
from vocolab.files.tags import parse_tags, read_cover
from vocolab.files.writer import write_audio
from vocolab.tags import Broadcast, Chapter, Tags, known_name

SUFFIXES = list(CONTAINERS)
needs_ffprobe = pytest.mark.skipif(shutil.which("ffprobe") is None, reason="ffprobe is not installed")


def written(tmp_path: Path, suffix: str, tags: Tags = FULL, **form: object) -> Path:
    write_audio(tone(), tmp_path / f"a{suffix}", Form(tags=tags, **form))  # type: ignore[arg-type]
    return tmp_path / f"a{suffix}"


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_all_that_is_stated_comes_back(tmp_path, suffix):
    origin = open_audio(written(tmp_path, suffix)).origin
    assert origin is not None
    assert origin.left_out == ()
    ours, theirs = dict(FULL.values), dict(origin.tags.values)
    theirs.pop("description", None)  # a broadcaster's, where the format has no chunk for it
    spelled = {name.casefold() if name not in ours else name: texts for name, texts in theirs.items()}
    assert spelled == {name if name in theirs else name.casefold(): texts for name, texts in ours.items()}
    assert origin.tags.cover == FULL.cover
    assert [chapter.title for chapter in origin.tags.chapters] == ["Erstens: ü", "Второе"]
    assert [chapter.start_s for chapter in origin.tags.chapters] == pytest.approx([0.0, 0.125])
    assert origin.tags.broadcast == replace(FULL.broadcast, coding_history=origin.tags.broadcast.coding_history)
    assert origin.tags.broadcast.coding_history.strip() == "A=PCM,F=48000"


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_the_audio_is_that_of_a_file_without_tags(tmp_path, suffix):
    bare = write_audio(tone(), tmp_path / f"bare{suffix}").path
    large = FULL.with_(cover=picture(png(padding=bytes(200_000))))
    for tags in (FULL, large):
        tagged = written(tmp_path, suffix, tags)
        np.testing.assert_array_equal(Audio.load(tagged).samples, Audio.load(bare).samples)
        assert open_audio(tagged).notes == ()


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_nothing_is_written_where_nothing_is_stated(tmp_path, suffix):
    assert open_audio(written(tmp_path, suffix, Tags())).origin is None


@needs_ffprobe
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_ffmpeg_reads_the_same(tmp_path, suffix):
    tags = FULL.with_(broadcast=replace(FULL.broadcast, description=""))  # which ffmpeg takes for a comment
    found = probed(written(tmp_path, suffix, tags))
    texts = found["tags"]
    assert texts["title"] == FULL.title
    assert texts["album"] == "The Book"
    assert texts["track"] in ("3", "3/12")
    assert texts["date"] == "2020-05-01"
    assert texts["genre"] == "Audiobook"
    assert "first" in texts["comment"]
    assert "A. Reader" in texts["artist"]
    assert ("Б. Чтец" in texts["artist"]) == (suffix != ".mp3"), "of several texts in ID3 ffmpeg 5 reads the first"
    assert [stream["codec_name"] for stream in found["pictures"]] == ["png"]
    assert [chapter["tags"]["title"] for chapter in found["chapters"]] == ["Erstens: ü", "Второе"]
    assert [float(chapter["start_time"]) for chapter in found["chapters"]] == pytest.approx([0.0, 0.125])
    assert texts["time_reference"] == str(round(3600.5 * RATE))


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_mutagen_reads_the_same(tmp_path, suffix):
    mutagen = pytest.importorskip("mutagen", reason="mutagen is not installed")
    file = mutagen.File(written(tmp_path, suffix))
    assert file.info.length == pytest.approx(0.5, abs=0.06)
    if suffix in (".mp3", ".wav"):
        assert file.tags.version == (2, 4, 0)
        assert list(file.tags["TIT2"]) == [FULL.title]
        assert list(file.tags["TPE1"]) == ["A. Reader", "Б. Чтец"]
        assert str(file.tags["TDRC"]) == "2020-05-01"
        assert file.tags["TXXX:MusicBrainz Album Id"] == ["0a-1b"]
        assert [frame.text for frame in file.tags.getall("COMM")] == [["first\nand second line"]]
        (cover,) = file.tags.getall("APIC")
        assert (cover.mime, cover.type, cover.data) == ("image/png", 3, FULL.cover.data)
    else:
        assert file["title"] == [FULL.title]
        assert file["artist"] == ["A. Reader", "Б. Чтец"]
        assert (file["tracknumber"], file["tracktotal"]) == (["3"], ["12"])
        assert (file["chapter001"], file["chapter001name"]) == (["00:00:00.125"], ["Второе"])
        assert file["musicbrainz album id"] == ["0a-1b"]
    if suffix == ".mp3":
        chapters = sorted(file.tags.getall("CHAP"), key=lambda frame: frame.start_time)
        assert [(frame.start_time, frame.end_time) for frame in chapters] == [(0, 125), (125, 375)]
        (contents,) = file.tags.getall("CTOC")
        assert contents.child_element_ids == [frame.element_id for frame in chapters]
    if suffix == ".flac":
        (cover,) = file.pictures
        assert (cover.type, cover.width, cover.height, cover.depth, cover.data) == (3, 3, 2, 24, FULL.cover.data)


@needs_ffprobe
@pytest.mark.parametrize("count", [256, 600])
def test_more_chapters_than_a_table_holds(tmp_path, count):
    chapters = [Chapter(number / 2000, f"№ {number}") for number in range(count)]
    for suffix in (".mp3", ".flac"):
        path = written(tmp_path, suffix, Tags(chapters=chapters))
        assert len(open_audio(path).origin.tags.chapters) == count
        assert len(probed(path)["chapters"]) == count


def test_a_broadcast_wav_keeps_its_form(tmp_path):
    """EBU Tech 3285: the chunk is 602 bytes and a history, its time a count of samples since midnight."""
    data = written(tmp_path, ".wav").read_bytes()
    at = data.index(b"bext")
    assert int.from_bytes(data[at + 4 : at + 8], "little") == 602 + len("A=PCM,F=48000\r\n")
    body = data[at + 8 :]
    assert body[:256].rstrip(b"\0") == b"scene 1"
    assert body[320:338] == b"2020-05-0112:30:00"
    assert int.from_bytes(body[338:346], "little") == round(3600.5 * RATE)
    assert at < data.index(b"data"), "readers of streams meet it before the samples"


def test_what_does_not_fit_a_chunk_is_said(tmp_path):
    tags = Tags(broadcast=Broadcast(description="ü" * 200, originator="o" * 33))
    report = write_audio(tone(), tmp_path / "a.wav", Form(tags=tags))
    assert report.not_kept == ("what the description has beyond 256 bytes", "what the originator has beyond 32 bytes")
    assert open_audio(tmp_path / "a.wav").origin.tags.broadcast.description == "ü" * 128
    assert write_audio(tone(), tmp_path / "a.flac", Form(tags=tags)).not_kept == ()
    assert open_audio(tmp_path / "a.flac").origin.tags.broadcast.originator == "o" * 33


@pytest.mark.parametrize(("spelled", "name"), [
    ("Title", "title"), ("ALBUMARTIST", "album_artist"), ("album artist", "album_artist"), ("TrackNumber", "track"),
    ("year", "date"), ("Catalog-Number", "catalog_number"), ("MY FIELD", "MY FIELD"),
])  # fmt: skip
def test_names_are_known_however_they_are_spelled(spelled, name):
    assert known_name(spelled) == name


def test_tags_from_texts():
    assert parse_tags(["title=a=b", "Track= 3"]) == Tags(title="a=b", track="3")
    assert parse_tags(["artist=a", "artist=b", "OWN=c"]) == Tags(artist=["a", "b"], others={"OWN": "c"})
    assert Tags(title="a", album="b") | Tags(title="c") == Tags(title="c", album="b")


@pytest.mark.parametrize(("text", "said"), [
    ("title", "write NAME=TEXT; names: title, subtitle, artist, album"),
    ("tilte=x", "did you mean title"), ("colour=x", "any other in capitals, COLOUR"), ("=x", "write NAME=TEXT"),
    ("track=three", "a track is a number, or a number of how many"), ("TÜR=x", "can't be named"),
    ("title=" + "x" * 100_001, "at most 100000 characters"), ("title=a\0b", "without NUL"),
    ("title=\udc80", "not UTF-8"),
], ids=lambda text: text[:20])  # fmt: skip
def test_texts_that_are_no_tags(text, said):
    with pytest.raises(CallError, match=said):
        parse_tags([text])


@pytest.mark.parametrize(("data", "said"), [
    (b"", "is empty, as a cover"), (b"GIF89a" + bytes(50), "neither a JPEG nor a PNG"),
    (png()[:20], "does not say how large it is"), (jpeg()[:20], "does not say how large it is"),
    (png(padding=bytes(10_000_001)), "more than 10 MB"), (png(30_000, 1), "does not say how large it is"),
])  # fmt: skip
def test_covers_are_looked_at(tmp_path, data, said):
    (tmp_path / "c.png").write_bytes(data)
    with pytest.raises(InputError, match=said):
        read_cover(tmp_path / "c.png")
    with pytest.raises(InputError, match="there is no such file"):
        read_cover(tmp_path / "none.png")


def test_how_large_covers_are(tmp_path):
    for data, wanted in ((png(7, 9), ("image/png", 7, 9, 24)), (jpeg(640, 480), ("image/jpeg", 640, 480, 24))):
        (tmp_path / "c").write_bytes(data)
        found = read_cover(tmp_path / "c")
        assert (found.mime, found.width, found.height, found.bits, found.data) == (*wanted, data)
