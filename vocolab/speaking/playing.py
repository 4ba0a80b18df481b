"""To a loudspeaker, by the package `sounddevice` (the extra `play`)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from vocolab.audio import Audio
from vocolab.errors import DependencyMissing, OutputError

_BEGIN_S = 0.05
"""Silence before the first sound, so that a device that wakes up does not swallow it; and what it may be late by."""


class Loudspeaker:
    """The default output device, a context manager.

    Raises:
        DependencyMissing: if sounddevice, or PortAudio under it, is not installed.
        OutputError: if there is no device, or it does not take the audio.
    """

    def __init__(self) -> None:
        self._sounddevice = _sounddevice()
        self._stream: Any = None
        try:
            self._sounddevice.query_devices(kind="output")
        except Exception as error:  # PortAudioError, or ValueError where there is none
            raise OutputError(f"there is no device to play on ({_one_line(error)}); write a file with -o") from error

    def play(self, stretches: Iterable[Audio]) -> None:
        """Play audio as it comes, to its end; all of one rate and one number of channels.

        Raises:
            OutputError: if the device fails.
        """
        try:
            for audio in stretches:
                if self._stream is None:
                    self._begin(audio)
                self._stream.write(np.ascontiguousarray(audio.samples.T))
        except self._sounddevice.PortAudioError as error:
            raise OutputError(f"the device does not play it: {_one_line(error)}") from error
        else:
            if self._stream is not None:
                self._stream.stop()  # waits until all is played
        finally:
            if self._stream is not None:
                self._stream.close()
                self._stream = None

    def _begin(self, audio: Audio) -> None:
        self._stream = self._sounddevice.OutputStream(
            samplerate=audio.sample_rate, channels=audio.channels, dtype="float32", latency="low"
        )
        self._stream.start()
        self._stream.write(np.zeros((round(_BEGIN_S * audio.sample_rate), audio.channels), np.float32))


def _sounddevice() -> Any:
    try:
        import sounddevice
    except ModuleNotFoundError as error:
        raise DependencyMissing("playing needs the package sounddevice: pip install 'vocolab[play]'") from error
    except OSError as error:  # it looks for PortAudio when it is imported
        raise DependencyMissing(f"playing needs the PortAudio library, and sounddevice does not find it "
                                f"({_one_line(error)}): install it (Debian: libportaudio2)") from error
    return sounddevice


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__
