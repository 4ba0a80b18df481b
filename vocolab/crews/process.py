"""A process that does jobs for the one that has started it."""

from __future__ import annotations

import os
import pickle
import signal
import sys
import time
from collections.abc import Callable, Mapping
from multiprocessing.connection import Connection
from typing import Any

from vocolab.crews.errands import Errand, Report, Work, attempted, packed

_TOLD_EVERY_S = 0.1


class Dismissed(BaseException):
    """SIGTERM: the process ends, and half-written files are removed first."""

    ends_the_process = True


def work_for(connection: Connection, environment: Mapping[str, str], threads: int) -> None:
    """Do what comes through the connection until nothing comes any more.

    The first message is the errand, pickled; every other one is the number of a job and the job. For each there is an
    answer: its number, and its outcome as bytes. Before it come numbers with how far the job is.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that waits for this one
    signal.signal(signal.SIGTERM, _dismiss)
    os.environ.clear()
    os.environ.update(environment)
    _settle(threads)
    try:
        work = _begun(connection.recv_bytes())
        while True:
            number, job = connection.recv()
            report = Report(_teller(connection, number))
            connection.send((number, packed(attempted(work, job, report))))
    except (EOFError, OSError, Dismissed):  # whoever asked has gone, or wants no more
        return


def _dismiss(_number: int, _frame: Any) -> None:
    raise Dismissed


def _begun(data: bytes) -> Work[Any, Any]:
    """What is done to a job; what can't begin fails with each job."""
    try:
        errand: Errand[Any, Any] = pickle.loads(data)  # from the process that has started this one
        return errand.begin()
    except Exception as error:
        problem = error

        def fail(_job: Any, _report: Report) -> Any:
            raise problem

        return fail


def _teller(connection: Connection, number: int) -> Callable[[float], None]:
    """Tells how far a job is, not more often than somebody can see."""
    told_s = 0.0

    def tell(done: float) -> None:
        nonlocal told_s
        if (now_s := time.monotonic()) - told_s >= _TOLD_EVERY_S:
            told_s = now_s
            connection.send((number, done))

    return tell


def _settle(threads: int) -> None:
    """Compute on so many threads: processes share the processors."""
    os.environ["OMP_NUM_THREADS"] = str(threads)
    if (torch := sys.modules.get("torch")) is not None:
        torch.set_num_threads(threads)
    from vocolab.networks.products import hold_products

    hold_products(threads)
