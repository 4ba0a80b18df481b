"""AAC by an installed ffmpeg, which is a program of its own: samples go in by a pipe, ADTS frames come out."""

from __future__ import annotations

import shutil
import subprocess
import threading
from contextlib import suppress

from vocolab.errors import OutputError
from vocolab_server.encoders.base import Encoder, Form, Samples

_KBPS = 96
_END_S = 30.0


def has_ffmpeg() -> bool:
    """Whether there is one."""
    return shutil.which("ffmpeg") is not None


class AacEncoder(Encoder):
    """AAC in ADTS."""

    media_type = "audio/aac"
    suffix = ".aac"
    rates_hz = (8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000)

    def __init__(self, form: Form) -> None:
        super().__init__(form)
        command = [
            shutil.which("ffmpeg") or "ffmpeg", "-nostdin", "-hide_banner", "-v", "error", "-f", "f32le", "-ar",
            str(self.sample_rate), "-ac", "1", "-i", "pipe:0", "-c:a", "aac", "-b:a", f"{_KBPS}k", "-f", "adts",
            "-flush_packets", "1", "pipe:1",
        ]  # fmt: skip
        self._program = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        self._new, self._lock = bytearray(), threading.Lock()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _encode(self, samples: Samples) -> bytes:
        assert self._program.stdin is not None
        try:
            self._program.stdin.write(samples.astype("<f4").tobytes())
            self._program.stdin.flush()
        except OSError as error:
            raise OutputError(f"ffmpeg has ended: {error.strerror}") from error
        return self._taken()

    def _end(self) -> bytes:
        assert self._program.stdin is not None
        self._program.stdin.close()
        self._reader.join(_END_S)
        failed = self._program.wait(_END_S) != 0
        self.close()
        if failed:
            raise OutputError("ffmpeg could not encode the speech")
        return self._taken()

    def close(self) -> None:
        """End the program, if an answer is broken off."""
        if self._program.poll() is None:
            self._program.kill()
            self._program.wait()
        self._reader.join()
        for pipe in (self._program.stdin, self._program.stdout):
            if pipe is not None:
                with suppress(OSError):  # what was still in it has nowhere to go
                    pipe.close()

    def _read(self) -> None:
        assert self._program.stdout is not None
        while data := self._program.stdout.read1(1 << 16):  # type: ignore[attr-defined]
            with self._lock:
                self._new += data

    def _taken(self) -> bytes:
        with self._lock:
            new, self._new = bytes(self._new), bytearray()
        return new
