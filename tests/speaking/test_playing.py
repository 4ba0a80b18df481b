"""The loudspeaker, in front of a stand-in for sounddevice: no test makes a noise."""

from __future__ import annotations

import builtins
import sys
from types import ModuleType

import numpy as np
import pytest

from vocolab import Audio
from vocolab.errors import DependencyMissing, OutputError
from vocolab.speaking.playing import Loudspeaker


class Stream:
    def __init__(self, device, **how) -> None:
        self.device, self.how = device, how

    def start(self) -> None:
        self.device.log.append("start")

    def write(self, samples) -> None:
        if self.device.fails_at == len(self.device.written):
            raise self.device.PortAudioError("the device is gone")
        self.device.written.append(samples.copy())

    def stop(self) -> None:
        self.device.log.append("stop")

    def close(self) -> None:
        self.device.log.append("close")


@pytest.fixture
def device(monkeypatch):
    made = ModuleType("sounddevice")
    made.written, made.log, made.fails_at = [], [], None
    made.PortAudioError = type("PortAudioError", (Exception,), {})
    made.query_devices = lambda kind: {"name": "a loudspeaker"}
    made.OutputStream = lambda **how: Stream(made, **how)
    monkeypatch.setitem(sys.modules, "sounddevice", made)
    return made


def stretches(n):
    return [Audio.mono(np.full(100, number / 10, np.float32), 22_050) for number in range(n)]


def test_everything_is_played_in_order_to_its_end(device) -> None:
    Loudspeaker().play(stretches(3))
    played = np.concatenate(device.written)
    assert played.shape[1] == 1
    assert np.array_equal(played[-300:, 0], np.concatenate([one.samples[0] for one in stretches(3)]))
    assert device.log == ["start", "stop", "close"]


def test_nothing_to_play_opens_nothing(device) -> None:
    Loudspeaker().play([])
    assert device.log == []


def test_a_device_that_goes_away_is_one_line_and_closed(device) -> None:
    device.fails_at = 2
    with pytest.raises(OutputError, match="the device is gone"):
        Loudspeaker().play(stretches(3))
    assert device.log[-1] == "close"


def test_no_device_is_one_line(device) -> None:
    def none(kind):
        raise device.PortAudioError("Error querying\ndevice -1")

    device.query_devices = none
    with pytest.raises(OutputError, match=r"no device to play on \(Error querying device -1\); write a file with -o"):
        Loudspeaker()


@pytest.mark.parametrize(("error", "text"), [(ModuleNotFoundError("sounddevice"), r"vocolab\[play\]"),
                                             (OSError("PortAudio library not found"), "libportaudio2")])
def test_what_is_not_installed_is_named(monkeypatch, error, text) -> None:
    real = builtins.__import__

    def without(name, *rest, **more):
        if name == "sounddevice":
            raise error
        return real(name, *rest, **more)

    monkeypatch.delitem(sys.modules, "sounddevice", raising=False)
    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(DependencyMissing, match=text):
        Loudspeaker()
