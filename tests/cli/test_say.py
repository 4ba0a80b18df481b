"""`vocolab say`, with a package of voices that is there in memory only."""

from __future__ import annotations

import io
import json
import os
import sys
import time

import numpy as np
import pytest
import soundfile
from full_disk import full_disk
from speaking_fakes import Reader, install, voice_sources

from vocolab import Audio, measure

TEXT = "One two. Three, four! Five?\n\nSix seven. Eight nine ten."


@pytest.fixture
def say(cli, monkeypatch, tmp_path):
    folder = tmp_path / "voices"
    folder.mkdir()
    Reader.said = Reader.interrupt_at = 0
    install(monkeypatch, voice_sources(folder))
    (folder / "config.toml").write_text('[plugins]\nfirst = ["acme"]\n')
    monkeypatch.setenv("VOCOLAB_CONFIG", str(folder / "config.toml"))
    return lambda *arguments: cli("say", *arguments)


@pytest.fixture
def stdin(monkeypatch):
    return lambda data: monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data), encoding="utf-8"))


def test_it_writes_a_mastered_file_and_says_who_spoke(say, tmp_path) -> None:
    result = say(TEXT, "-o", "out.wav", "--preset", "podcast")
    assert result.code == 0, result.err
    assert "voice: reader-one (vocoder level-22k)" in result.err
    audio = Audio.load(tmp_path / "out.wav")
    assert audio.sample_rate == 48_000
    assert measure(audio).integrated_lufs == pytest.approx(-19, abs=0.2)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.wav", "voices"]


def test_quiet_says_nothing_and_json_is_all_of_stdout(say) -> None:
    assert say(TEXT, "-o", "out.wav", "--quiet").err == ""
    result = say(TEXT, "-o", "out.flac", "--json", "--speaker", "high", "--pitch", 2, "--quiet")
    (facts,) = result.json
    assert facts["voice"] == "reader-one"
    assert facts["speaker"] == "high"
    assert facts["pitch_semitones"] == 2
    assert facts["seconds"] > 1


def test_the_time_that_it_took_is_that_of_speaking_too(say, monkeypatch) -> None:
    said = Reader.synthesize

    def slowly(self, *arguments, **more):
        time.sleep(0.2)
        return said(self, *arguments, **more)

    monkeypatch.setattr(Reader, "synthesize", slowly)
    (facts,) = say("One two. Three four.", "-o", "out.wav", "--json", "--quiet").json
    assert facts["elapsed_s"] > 0.4
    assert facts["real_time_factor"] == pytest.approx(facts["seconds"] / facts["elapsed_s"], rel=0.01)


def test_texts_from_a_file_and_from_standard_input(say, tmp_path, stdin) -> None:
    (tmp_path / "book.txt").write_text(TEXT)
    assert say("--file", "book.txt").code == 0
    stdin(TEXT.encode())
    assert say("-", "-o", "in.wav").code == 0
    assert (tmp_path / "book.wav").read_bytes() == (tmp_path / "in.wav").read_bytes()


def test_ssml_and_markdown(say, tmp_path) -> None:
    times = tmp_path / "t.json"
    assert say("# One\n\n*Two* three.", "--input", "markdown", "-o", "a.wav", "--timestamps", times).code == 0
    assert [word["word"] for word in json.loads(times.read_text())["words"]] == ["one", "two", "three"]
    ssml = '<speak>one <break time="2s"/> two</speak>'
    assert say(ssml, "-o", "b.wav", "--timestamps", times).code == 0
    one, two = json.loads(times.read_text())["words"]
    assert two["start_s"] - one["end_s"] == pytest.approx(2, abs=0.02)


def test_times_are_those_of_the_finished_file(say, tmp_path) -> None:
    (tmp_path / "padded.toml").write_text("""\
format = 1
summary = "Half a second and more before it"

[[effects]]
use = "pad"
head_s = 0.6
tail_s = 1.5
""")
    assert say(TEXT, "-o", "plain.wav", "--timestamps", "plain.json").code == 0
    result = say(TEXT, "-o", "out.mp3", "--preset", "padded.toml", "--timestamps", "out.json")
    assert result.code == 0, result.err
    plain, padded = (json.loads((tmp_path / name).read_text()) for name in ("plain.json", "out.json"))
    audio = Audio.load(tmp_path / "out.mp3").mono_at(22_050).samples[0]
    first = padded["words"][0]["start_s"]
    loud = np.flatnonzero(np.abs(audio) > 0.1 * np.abs(audio).max())[0] / 22_050
    assert first == pytest.approx(loud, abs=0.02)
    assert first - plain["words"][0]["start_s"] > 0.5
    assert "later in the file" in result.err


def test_standard_output_is_a_whole_file(say, monkeypatch, tmp_path) -> None:
    class Stdout(io.TextIOWrapper):
        def isatty(self) -> bool:
            return False

    stdout = Stdout(io.BytesIO(), encoding="utf-8")
    monkeypatch.setattr(sys, "stdout", stdout)
    assert say(TEXT, "-o", "-", "--format", "flac").code == 0
    stdout.buffer.seek(0)
    samples, rate = soundfile.read(stdout.buffer)
    assert rate == 22_050
    assert samples.size > 22_050
    assert sorted(path.name for path in tmp_path.iterdir()) == ["voices"]


def test_raw_pcm_leaves_as_it_is_spoken(say, monkeypatch, tmp_path) -> None:
    said_at: list[int] = []

    class Raw(io.BytesIO):
        def write(self, data) -> int:
            said_at.append(Reader.said)
            return super().write(data)

    stdout = io.TextIOWrapper(Raw(), encoding="utf-8")
    monkeypatch.setattr(sys, "stdout", stdout)
    assert say(TEXT, "-o", "-", "--stdout-pcm", "f32le").code == 0
    sent = np.frombuffer(stdout.buffer.getvalue(), "<f4")
    assert said_at[0] == 1
    assert said_at[-1] == 5
    assert say(TEXT, "-o", "whole.wav", "--bit-depth", "32").code == 0
    whole = Audio.load(tmp_path / "whole.wav").samples[0]
    assert sent.shape == whole.shape
    assert np.abs(sent - whole).max() < 1e-5


def test_a_broken_pipe_ends_it_without_a_word(say, monkeypatch, capsys, tmp_path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as gone:
        monkeypatch.setattr(sys, "stdout", gone)
        with pytest.raises(SystemExit) as ended:  # click ends it itself
            say(TEXT, "-o", "-", "--quiet")
    assert ended.value.code == 1
    assert capsys.readouterr().err == ""
    assert sorted(path.name for path in tmp_path.iterdir()) == ["voices"]


@pytest.mark.parametrize("stop_at", [1, 2, 5])
def test_ctrl_c_keeps_what_is_done_and_resume_gives_the_same_bytes(say, tmp_path, stop_at) -> None:
    arguments = (TEXT, "--preset", "podcast", "--timestamps", "t.json")
    assert say(*arguments, "-o", "whole.wav").code == 0
    whole, times = (tmp_path / "whole.wav").read_bytes(), (tmp_path / "t.json").read_bytes()
    Reader.said, Reader.interrupt_at = 0, stop_at
    result = say(*arguments, "-o", "cut.wav")
    assert result.code == 130
    assert not (tmp_path / "cut.wav").exists()
    assert ("--resume goes on" in result.err) == (stop_at > 1)
    Reader.said = Reader.interrupt_at = 0
    result = say(*arguments, "-o", "cut.wav", "--resume")
    assert result.code == 0, result.err
    assert Reader.said == 5 - (stop_at - 1)
    assert (tmp_path / "cut.wav").read_bytes() == whole
    assert (tmp_path / "t.json").read_bytes() == times
    assert not (tmp_path / "cut.wav.unfinished").exists()


def test_resume_of_another_text_begins_anew_and_says_so(say) -> None:
    Reader.interrupt_at = 3
    assert say(TEXT, "-o", "out.wav").code == 130
    Reader.interrupt_at = 0
    result = say("Another text.", "-o", "out.wav", "--resume")
    assert result.code == 0
    assert "is of another text, voice or setting: begun anew" in result.err


def test_a_full_disk_leaves_nothing(say, tmp_path) -> None:
    with full_disk(30_000):
        result = say(TEXT, "-o", "out.wav")
    assert result.code == 1
    assert "no space left on the disk" in result.error
    assert sorted(path.name for path in tmp_path.iterdir()) == ["voices"]


def test_an_error_leaves_nothing(say, tmp_path) -> None:
    result = say("All is well. This is unsayable.", "-o", "out.wav")
    assert result.code == 1
    assert "'This is unsayable.'" in result.error
    assert sorted(path.name for path in tmp_path.iterdir()) == ["voices"]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ((), 2, "give one text"),
        (("a", "--file", "b.txt"), 2, "give one text"),
        (("hello",), 2, "say where the speech goes"),
        (("", "-o", "o.wav"), 1, "nothing to say"),
        (("...", "-o", "o.wav"), 1, "nothing in the text"),
        (("a", "-o", "o.wav", "--speed", "0"), 2, "speed"),
        (("a", "-o", "o.wav", "--speed", "0.01"), 2, "speed"),
        (("a", "-o", "o.wav", "--speed", "100"), 2, "speed"),
        (("a", "-o", "o.wav", "--pitch", "60"), 2, "pitch_semitones"),
        (("a", "-o", "o.xyz"), 2, ".xyz"),
        (("a", "-o", "o.wav", "--timestamps", "t.txt"), 2, ".TextGrid"),
        (("a", "-o", "o.wav", "--voice", "nobody"), 2, "nobody"),
        (("a", "-o", "o.wav", "--vocoder", "level-48k"), 1, "sample_rate"),
        (("a", "-o", "-", "--json"), 2, "standard output"),
        (("a", "--voice", "chorus", "--energy", "3", "-o", "o.wav"), 2, "can't change energy"),
    ],
)
def test_what_cannot_be_is_one_line(say, arguments, code, said) -> None:
    result = say(*arguments)
    assert result.code == code
    assert said in result.error


def test_playing_without_the_package_is_one_line(say, monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "sounddevice", None)
    result = say("Hello.", "--play")
    assert result.code == 1
    assert "vocolab[play]" in result.error


def test_it_plays_at_once_or_what_is_finished(say, monkeypatch, tmp_path) -> None:
    from vocolab.speaking import playing

    played = []

    class Loudspeaker:
        def play(self, stretches) -> None:
            played.append(list(stretches))

    monkeypatch.setattr(playing, "Loudspeaker", Loudspeaker)
    assert say(TEXT, "--play").code == 0
    assert say(TEXT, "--play", "--preset", "podcast").code == 0
    assert say(TEXT, "--play", "-o", "out.wav").code == 0
    live, finished, kept = played
    assert len(live) > 5
    assert {audio.sample_rate for audio in finished} == {48_000}
    assert sum(audio.n_samples for audio in live) == sum(audio.n_samples for audio in kept)
    assert (tmp_path / "out.wav").exists()
    assert say(TEXT, "--play", "--resume").code == 2


def test_the_voice_inside_speaks_without_what_its_corpus_was_made_with(cli, monkeypatch, tmp_path) -> None:
    """The recipe that makes a synthetic corpus has an extra; nobody needs it to speak."""
    from vocolab.catalog import Catalog
    from vocolab.speaking.choice import SPEAKING

    if not Catalog.installed().voices.ranked(*SPEAKING):
        pytest.skip("no voice that speaks is inside")
    monkeypatch.setitem(sys.modules, "hibari", None)
    result = cli("say", "The quick brown fox.", "-o", "fox.wav", "--preset", "podcast")
    assert result.code == 0, result.err
    audio = Audio.load(tmp_path / "fox.wav")
    assert 0.5 < audio.seconds < 5
    assert measure(audio).integrated_lufs == pytest.approx(-19, abs=0.2)
