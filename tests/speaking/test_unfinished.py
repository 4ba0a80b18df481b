"""Speech on disk: wherever it is stopped, going on gives the same samples and times."""

from __future__ import annotations

import json
import tracemalloc

import numpy as np
import pytest
from full_disk import full_disk

from vocolab.errors import OutputError
from vocolab.speaking.unfinished import Unfinished, alone_in, unfinished_place

TEXT = "One two. Three, four! Five?\n\nSix seven. Eight."
MADE_OF = {"text": "x"}


def speak(narrator, folder, *, stop_after=None, resume=False, made_of=MADE_OF):
    """All of TEXT; `stop_after` so many takes the work is interrupted."""
    spoken = Unfinished(folder, made_of, narrator.sample_rate, resume=resume)
    told = []

    def tell(take):
        told.append(take)
        if len(told) == stop_after:
            raise KeyboardInterrupt

    spoken.add(narrator.talker().takes(narrator.sentences(TEXT)[0], done=spoken.tails_s), tell)
    return spoken, len(told)


def samples(signal):
    return np.concatenate([block[0] for block in signal.blocks(1000)])


def test_it_is_what_is_said_in_memory(narrator, tmp_path) -> None:
    spoken, _ = speak(narrator, tmp_path / "a")
    speech = narrator.say(TEXT)
    assert np.array_equal(samples(spoken), speech.audio.samples[0])
    words, phonemes = spoken.times()
    assert (tuple(words), tuple(phonemes)) == (speech.words, speech.phonemes)
    spoken.remove()
    assert not (tmp_path / "a").exists()


@pytest.mark.parametrize("stop_after", [1, 2, 4])
def test_after_an_interruption_it_goes_on_to_the_same(narrator, tmp_path, stop_after) -> None:
    whole, n_takes = speak(narrator, tmp_path / "whole")
    with pytest.raises(KeyboardInterrupt):
        speak(narrator, tmp_path / "cut", stop_after=stop_after)
    again, n_said = speak(narrator, tmp_path / "cut", resume=True)
    assert n_said == n_takes - stop_after
    assert np.array_equal(samples(again), samples(whole))
    assert again.times() == whole.times()


@pytest.mark.parametrize("lost", ["half a line", "half a take", "the list", "nothing but half a sample"])
def test_after_a_kill_at_any_moment(narrator, tmp_path, lost) -> None:
    whole, _ = speak(narrator, tmp_path / "whole")
    with pytest.raises(KeyboardInterrupt):
        speak(narrator, tmp_path / "cut", stop_after=3)
    audio, takes = tmp_path / "cut" / "audio.f32", tmp_path / "cut" / "takes.jsonl"
    if lost == "half a line":
        takes.write_bytes(takes.read_bytes()[:-40])
    elif lost == "half a take":
        audio.write_bytes(audio.read_bytes()[:-4001])
    elif lost == "the list":
        takes.unlink()
    else:
        audio.write_bytes(audio.read_bytes() + b"\0\0")
    again, _ = speak(narrator, tmp_path / "cut", resume=True)
    assert np.array_equal(samples(again), samples(whole))
    assert again.times() == whole.times()


def test_what_is_of_something_else_is_begun_anew(narrator, tmp_path) -> None:
    with pytest.raises(KeyboardInterrupt):
        speak(narrator, tmp_path / "cut", stop_after=2, made_of={"text": "another"})
    spoken, n_said = speak(narrator, tmp_path / "cut", resume=True)
    assert spoken.is_others
    assert n_said == 5


def test_without_resume_it_is_begun_anew(narrator, tmp_path) -> None:
    with pytest.raises(KeyboardInterrupt):
        speak(narrator, tmp_path / "cut", stop_after=2)
    assert speak(narrator, tmp_path / "cut")[1] == 5


def test_a_full_disk_is_one_line(narrator, tmp_path) -> None:
    with full_disk(20_000), pytest.raises(OutputError, match="no space left"):
        speak(narrator, tmp_path / "full")
    again, _ = speak(narrator, tmp_path / "full", resume=True)
    assert np.array_equal(samples(again), narrator.say(TEXT).audio.samples[0])


def test_memory_does_not_grow_with_the_text(narrator, tmp_path) -> None:
    def peak_bytes(n_sentences: int) -> int:
        text = "This is a sentence of a book. " * n_sentences
        spoken = Unfinished(tmp_path / "book", MADE_OF, narrator.sample_rate, resume=False)
        tracemalloc.start()
        spoken.add(narrator.talker().takes(narrator.sentences(text)[0]), lambda take: None)
        assert sum(block.size for block in spoken.blocks()) == spoken.n_samples
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak

    narrator.say("Warm up.")
    few, many = peak_bytes(20), peak_bytes(200)
    assert many < few + 2**20  # the samples of the 180 more take 35 times as much


def test_two_calls_do_not_speak_into_one_folder(tmp_path) -> None:
    with alone_in(tmp_path / "cut"), pytest.raises(OutputError, match="another call"), alone_in(tmp_path / "cut"):
        pass
    with alone_in(tmp_path / "cut"):
        pass


def test_its_place_is_beside_the_output(tmp_path) -> None:
    assert unfinished_place(tmp_path / "book.wav") == tmp_path / "book.wav.unfinished"


def test_a_folder_that_is_a_file_is_one_line(narrator, tmp_path) -> None:
    (tmp_path / "taken").write_text("")
    with pytest.raises(OutputError):
        speak(narrator, tmp_path / "taken")


@pytest.mark.parametrize("name", ["audio.f32", "takes.jsonl"])
def test_a_link_in_its_folder_leads_nowhere(narrator, tmp_path, name) -> None:
    victim = tmp_path / "victim"
    victim.write_bytes(b"somebody's")
    (tmp_path / "cut").mkdir()
    (tmp_path / "cut" / name).symlink_to(victim)
    if name == "audio.f32":
        with pytest.raises(OutputError, match=r"audio\.f32: .* is a link"):
            speak(narrator, tmp_path / "cut", resume=True)
        (tmp_path / "cut" / name).unlink()
        (tmp_path / "cut" / name).hardlink_to(victim)
        with pytest.raises(OutputError, match=r"audio\.f32: .* another name"):
            speak(narrator, tmp_path / "cut", resume=True)
    else:
        assert speak(narrator, tmp_path / "cut", resume=True)[1] == 5
    assert victim.read_bytes() == b"somebody's"


def test_its_folder_is_no_link(tmp_path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "cut").symlink_to("elsewhere")
    with pytest.raises(OutputError, match="is a link"), alone_in(tmp_path / "cut"):
        pass


@pytest.mark.parametrize(("key", "value"), [
    ("end", "1"), ("end", True), ("end", -5), ("end", 1.5), ("end", None), ("end", 10**30), ("tail_s", -1e9),
    ("tail_s", "x"), ("tail_s", float("nan")), ("words", 5), ("words", [{"word": "x"}]), ("words", [[]]),
    ("words", [{"word": 5, "start_s": 0.0, "end_s": 0.1}]), ("phonemes", [{"symbol": "x", "start_s": 0, "end_s": {}}]),
])
def test_a_line_that_says_what_cannot_be_is_said_again(narrator, tmp_path, key, value) -> None:
    whole, n_takes = speak(narrator, tmp_path / "cut")
    lines = (tmp_path / "cut" / "takes.jsonl").read_text().splitlines()
    lines[3] = json.dumps({**json.loads(lines[3]), key: value})
    (tmp_path / "cut" / "takes.jsonl").write_text("\n".join(lines) + "\n")
    expected = samples(whole)
    again, n_said = speak(narrator, tmp_path / "cut", resume=True)
    assert n_said == n_takes - 2, "the two before are kept"
    assert np.array_equal(samples(again), expected)


def test_an_end_before_the_one_before_is_no_end(narrator, tmp_path) -> None:
    speak(narrator, tmp_path / "cut")
    lines = (tmp_path / "cut" / "takes.jsonl").read_text().splitlines()
    lines[2] = json.dumps({**json.loads(lines[2]), "end": 10})
    (tmp_path / "cut" / "takes.jsonl").write_text("\n".join(lines) + "\n")
    again, _ = speak(narrator, tmp_path / "cut", resume=True)
    assert np.array_equal(samples(again), narrator.say(TEXT).audio.samples[0])
