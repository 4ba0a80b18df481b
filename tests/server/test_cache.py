"""Finished sentences on disk: found again, bounded, damaged, by several processes, on a full disk."""

from __future__ import annotations

import errno
import os
import subprocess
import sys

import numpy as np
import pytest

from vocolab_server.worker.cache import SentenceCache
from vocolab_server.worker.voices import LoadedVoices, Who

WHO = Who("reader-one", None, None)


def test_what_is_kept_is_what_was_said(catalog, tmp_path):
    from speaking_fakes import Reader

    cache = SentenceCache(tmp_path, 1e9)
    text = "One two three. Four. One two three."
    fresh = LoadedVoices(catalog, "cpu", 32, None).narrator(WHO, []).say(text)
    voices = LoadedVoices(catalog, "cpu", 32, cache)
    first = voices.narrator(WHO, []).say(text)
    before = Reader.said
    assert cache.hits == 0
    second = LoadedVoices(catalog, "cpu", 32, cache).narrator(WHO, []).say(text)
    assert cache.hits == 3 and Reader.said == before
    for said in (first, second):
        np.testing.assert_array_equal(said.audio.samples, fresh.audio.samples)
        assert said.words == fresh.words and said.phonemes == fresh.phonemes


@pytest.mark.parametrize("change", [
    {"seed": 1}, {"between": "silence"}, {"speed": 2.0}, {"pitch_semitones": 1.0}, {"energy_db": 3.0}, {"pauses": 2.0}])
def test_what_decides_the_sound_is_in_the_key(catalog, tmp_path, change):
    cache = SentenceCache(tmp_path, 1e9)
    narrator = LoadedVoices(catalog, "cpu", 32, cache).narrator(WHO, [])
    text = "One, two. Three."
    narrator.say(text)
    changed = narrator.say(text, **change)
    plain = LoadedVoices(catalog, "cpu", 32, None).narrator(WHO, []).say(text, **change)
    np.testing.assert_array_equal(changed.audio.samples, plain.audio.samples)


def test_another_speaker_is_another_sentence(catalog, tmp_path):
    cache = SentenceCache(tmp_path, 1e9)
    voices = LoadedVoices(catalog, "cpu", 32, cache)
    voices.narrator(WHO, []).say("One two.")
    voices.narrator(Who("reader-one", "high", None), []).say("One two.")
    assert cache.hits == 0


def test_the_oldest_leaves_first(tmp_path):
    samples = np.zeros(1000, np.float32)
    cache = SentenceCache(tmp_path, 50_000)
    for number in range(10):
        cache.put(f"{number:064d}", {}, samples)
        os.utime(tmp_path / "00" / f"{number:064d}", (number, number))
    assert cache.get(f"{0:064d}") is not None  # used now
    for number in range(10, 14):
        cache.put(f"{number:064d}", {}, samples)
    kept = {int(path.name) for path in (tmp_path / "00").iterdir()}
    assert 0 in kept and 1 not in kept and 13 in kept
    assert sum(path.stat().st_size for path in (tmp_path / "00").iterdir()) <= 50_000


def test_a_damaged_file_counts_as_none_and_is_removed(tmp_path):
    cache = SentenceCache(tmp_path, 1e9)
    cache.put("ab" * 32, {"a": 1}, np.ones(10, np.float32))
    place = tmp_path / "ab" / ("ab" * 32)
    good = place.read_bytes()
    for bad in (good[:-1], good[:20], b"", good[:60] + b"\xff" + good[61:], b"x" + good[1:]):
        place.write_bytes(bad)
        assert cache.get("ab" * 32) is None
        assert not place.exists()


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EACCES])
def test_a_full_disk_costs_the_entry_and_nothing_else(tmp_path, monkeypatch, number):
    cache = SentenceCache(tmp_path, 1e9)

    def full(*_args, **_how):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("vocolab_server.worker.cache.os.replace", full)
    cache.put("ab" * 32, {}, np.ones(10, np.float32))
    assert cache.failures == 1 and cache.get("ab" * 32) is None
    assert not any(path.is_file() for path in tmp_path.rglob("*"))


def test_what_a_killed_process_left_counts_and_leaves(tmp_path):
    (tmp_path / "ab").mkdir()
    left = tmp_path / "ab" / ".new-x"
    left.write_bytes(b"x" * 40_000)
    os.utime(left, (1, 1))
    cache = SentenceCache(tmp_path, 50_000)
    for number in range(10):
        cache.put(f"{number:064d}", {}, np.zeros(1000, np.float32))
    cache.sweep()
    assert not left.exists()


PROCESS = """
import sys, numpy as np
from pathlib import Path
from vocolab_server.worker.cache import SentenceCache
cache = SentenceCache(Path(sys.argv[1]), 200_000)
for n in range(300):
    key = f"{n % 60:02d}" * 32
    samples = np.full(1000, n % 60, np.float32)
    found = cache.get(key)
    assert found is None or (found[1] == n % 60).all()
    cache.put(key, {}, samples)
"""


def test_several_processes(tmp_path):
    processes = [subprocess.Popen([sys.executable, "-c", PROCESS, str(tmp_path)],
                                  env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}) for _ in range(3)]
    assert [process.wait(120) for process in processes] == [0, 0, 0]
    assert not list(tmp_path.rglob(".new-*"))


@pytest.mark.parametrize("body", [
    b"", b"\xff\xff\xff\xff{}", b"\2\0\0\0[]", b"\2\0\0\0{]", b"\2\0\0\0{}abc", b"\2\0\0\0{}\0\0\xc0\x7f",
    b"\xa0\x86\1\0" + b"[" * 100_000])
def test_what_others_have_put_there_with_a_right_checksum(tmp_path, body):
    import hashlib

    cache = SentenceCache(tmp_path, 1e6)
    place = tmp_path / "ab" / "abc"
    place.parent.mkdir()
    place.write_bytes(b"vocolab1" + hashlib.sha256(body).digest() + body)
    assert cache.get("abc") is None and not place.exists()


def test_facts_of_others_count_as_nothing(catalog, tmp_path):
    from speaking_fakes import Reader

    cache = SentenceCache(tmp_path, 1e9)
    LoadedVoices(catalog, "cpu", 32, cache).narrator(WHO, []).say("One two.")
    (place,) = [path for path in tmp_path.rglob("*") if path.is_file()]
    for facts in ({}, {"words": 5, "phonemes": []}, {"words": [{"word": 1}], "phonemes": []}):
        cache.put(place.name, facts, np.zeros(10, np.float32))
        before = Reader.said
        LoadedVoices(catalog, "cpu", 32, cache).narrator(WHO, []).say("One two.")
        assert Reader.said > before


def test_a_pipe_or_a_giant_is_no_entry(tmp_path):
    cache = SentenceCache(tmp_path, 1000)
    (tmp_path / "ab").mkdir()
    os.mkfifo(tmp_path / "ab" / "abc")
    (tmp_path / "ab" / "abd").write_bytes(bytes(2000))
    assert cache.get("abc") is None and cache.get("abd") is None
