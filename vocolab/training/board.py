"""A run's figures for TensorBoard, written by this thread: a full disk is an error where it can be answered."""

from __future__ import annotations

import os
import socket
import time
from pathlib import Path
from typing import Any


class Board:
    """One event file in `folder`, which TensorBoard reads; what earlier files hold after `first_step` it hides.

    torch's SummaryWriter leaves the writing to a thread, which dies on a full disk with a traceback of its own and
    hands the error to whoever writes next.

    Raises:
        ModuleNotFoundError: without the package tensorboard.
        OSError: if it can't be written, here and in `write`.
    """

    def __init__(self, folder: Path, first_step: int) -> None:
        from tensorboard.compat.proto.event_pb2 import Event, SessionLog
        from tensorboard.summary.writer.record_writer import RecordWriter

        folder.mkdir(parents=True, exist_ok=True)
        name = f"events.out.tfevents.{time.time_ns() // 1000}.{socket.gethostname()}.{os.getpid()}"
        self._file = (folder / name).open("xb", buffering=0)
        self._records = RecordWriter(self._file)
        step = first_step + 1
        try:
            self._event(Event(step=step, file_version="brain.Event:2"))
            self._event(Event(step=step, session_log=SessionLog(status=SessionLog.START)))
        except OSError:
            self._file.close()
            raise

    def write(self, step: int, figures: dict[str, float]) -> None:
        """Add the figures of a step."""
        from tensorboard.compat.proto.event_pb2 import Event
        from tensorboard.compat.proto.summary_pb2 import Summary

        values = [Summary.Value(tag=tag, simple_value=value) for tag, value in figures.items()]
        self._event(Event(step=step, summary=Summary(value=values)))

    def close(self) -> None:
        """End the file; whatever was written is on its way to the disk already."""
        self._file.close()

    def _event(self, event: Any) -> None:
        event.wall_time = time.time()
        self._records.write(event.SerializeToString())
