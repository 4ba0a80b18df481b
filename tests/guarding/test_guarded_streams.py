"""Where what a plugin prints goes."""

from __future__ import annotations

import sys
import threading

import pytest

from vocolab.guarding import prints_elsewhere, prints_kept


def test_what_is_kept_is_shown_to_nobody(capsys: pytest.CaptureFixture[str]) -> None:
    kept: list[str] = []
    with pytest.raises(KeyError), prints_kept(kept):
        print("one")
        print("two", file=sys.stderr)
        sys.stdout.buffer.write(b"three\n")  # as programs do that write bytes
        sys.stdout.flush()
        raise KeyError
    assert kept == ["one\ntwo\nthree"]
    print("after")
    assert capsys.readouterr() == ("after\n", "")


def test_a_thread_that_prints_a_result_meanwhile_is_heard(capsys: pytest.CaptureFixture[str]) -> None:
    kept: list[str] = []
    with prints_kept(kept):
        thread = threading.Thread(target=print, args=("result",))
        thread.start()
        thread.join()
        print("noise")
    assert capsys.readouterr().out == "result\n" and kept == ["noise"]


def test_what_runs_while_another_is_looked_at_is_kept_too(capsys: pytest.CaptureFixture[str]) -> None:
    kept: list[str] = []
    with prints_kept(kept), prints_elsewhere():
        print("inner")
    with prints_elsewhere():
        print("to stderr")
    assert kept == ["inner"] and capsys.readouterr() == ("", "to stderr\n")
