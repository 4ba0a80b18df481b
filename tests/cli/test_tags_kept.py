"""`vocolab master` keeps tags, numbers tracks, puts covers in, and says what is lost."""

from __future__ import annotations

from pathlib import Path
from pipes import piped

import pytest
from speechlike import speechlike

from vocolab.files.reader import open_audio
from vocolab.tags import Broadcast, Chapter, Tags

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes.fromhex("0000000200000001080200000000000000")


@pytest.fixture
def takes(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for number in (1, 2):
        tags = Tags({"REPLAYGAIN_TRACK_GAIN": "-1.00 dB"}, title=f"Chapter {number}", album="The Book",
                    chapters=[Chapter(0.0, "Part")], broadcast=Broadcast("scene", time_s=3600.0))  # fmt: skip
        speechlike(2.0, 48_000).save(f"{number}.wav", tags=tags)
    Path("c.png").write_bytes(PNG)
    return tmp_path


def tags_of(name):
    return open_audio(name).origin.tags


@pytest.mark.parametrize("album", [(), ("--album",)], ids=["each", "album"])
def test_a_batch_keeps_tags_and_numbers_tracks(cli, takes, album):
    result = cli("master", "1.wav", "2.wav", "--preset", "podcast", *album, "--format", "mp3", "--out-dir", "out",
                 "--number-tracks", "--cover", "c.png", "--tag", "artist=A. Reader",
                 "--tag", "album=Other")  # fmt: skip
    assert result.code == 0, result.err
    for number in (1, 2):
        tags = tags_of(f"out/{number}.mastered.mp3")
        assert (tags.title, tags.album, tags.artist) == (f"Chapter {number}", "Other", "A. Reader")
        assert (tags.track, tags.cover.width, tags.chapters[0].title) == (f"{number}/2", 2, "Part")
        assert tags.broadcast.time_s == 3600.0
        lost = [line for line in result.err.splitlines() if line.startswith(f"{number}.wav: not kept")]
        assert len(lost) == 1
        assert "REPLAYGAIN_TRACK_GAIN (the audio has another level now)" in lost[0]


def test_what_is_lost_is_in_json(cli, takes):
    result = cli("master", "1.wav", "--preset", "none", "-o", "b.flac", "--json")
    assert result.json[0]["not_kept"] == ["REPLAYGAIN_TRACK_GAIN (the audio has another level now)"]


def test_tags_can_be_left_out(cli, takes):
    result = cli("master", "1.wav", "--preset", "none", "-o", "b.flac", "--no-tags", "--tag", "title=New")
    assert result.code == 0, result.err
    assert "not kept" not in result.err
    assert tags_of("b.flac") == Tags(title="New")


def test_what_is_trimmed_moves_the_time(cli, takes):
    (takes / "p.toml").write_text('format = 1\nsummary = "s"\n[[effects]]\nuse = "pad"\nhead_s = 0.5\n')
    assert cli("master", "1.wav", "--preset", "p.toml", "-o", "b.wav").code == 0
    tags = tags_of("b.wav")
    assert (tags.broadcast.time_s, tags.chapters[0].start_s) == (3599.5, 0.5)


def test_inspect_shows_them(cli, takes):
    result = cli("inspect", "1.wav")
    for line in ("title: Chapter 1", "chapter at 0:00:00.000: Part", "broadcast description: scene",
                 "broadcast time s: 3600.0"):  # fmt: skip
        assert line in result.out.splitlines()
    facts = cli("inspect", "1.wav", "--json").json
    assert facts["tags"]["album"] == "The Book"
    assert facts["chapters"] == [{"start_s": 0.0, "end_s": None, "title": "Part"}]


def test_through_pipes(takes, monkeypatch):
    call = ["master", "-", "--preset", "none", "--format", "flac"]
    (takes / "b.flac").write_bytes(piped(monkeypatch, call, Path("1.wav").read_bytes()).out)
    assert tags_of("b.flac").title == "Chapter 1"
    (takes / "c.wav").write_bytes(piped(monkeypatch, ["master", "1.wav", "--preset", "none", "-o", "-"]).out)
    assert tags_of("c.wav").title == "Chapter 1"


def test_a_new_cover_is_no_work_of_before(cli, takes):
    call = ("master", "1.wav", "--preset", "none", "-o", "b.flac", "--cover", "c.png", "--resume")
    assert cli(*call).code == 0
    assert "skipped" in cli(*call).err
    (takes / "c.png").write_bytes(PNG.replace(b"\0\0\0\2\0\0\0\1", b"\0\0\0\3\0\0\0\1"))
    assert "skipped" not in cli(*call).err
    assert tags_of("b.flac").cover.width == 3


@pytest.mark.parametrize(("arguments", "code", "said"), [
    (("--cover", "1.wav"), 1, "1.wav: is neither a JPEG nor a PNG"),
    (("--cover", "no.png"), 1, "no.png: there is no such file"),
    (("--number-tracks", "--tag", "track=1"), 2, "exclude each other"),
    (("--tag", "tilte=x"), 2, "did you mean title?"),
])  # fmt: skip
def test_what_can_not_be(cli, takes, arguments, code, said):
    result = cli("master", "1.wav", "--preset", "none", "-o", "b.flac", *arguments)
    assert (result.code, said in result.error) == (code, True), result.err
    assert not Path("b.flac").exists()
