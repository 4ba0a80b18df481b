"""Every subject measured on every clip, one clip in memory at a time; a row for each subject."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from multiprocessing import get_context
from pathlib import Path

from vocolab.bench.clip_figures import ClipFigures
from vocolab.bench.measures import NO_EXTRAS, Extras, measure_file, measure_recording, measure_rendering
from vocolab.bench.rows import RECORDINGS, Row, make_row
from vocolab.bench.subjects import Subject
from vocolab.catalog import Catalog
from vocolab.rendering import Renderer

_RECORDINGS_COMPARED = 5
_USUAL_HOP_S = 256 / 22_050


@dataclass(frozen=True)
class _Task:
    """One clip of one row; None stands for the recordings."""

    subject: Subject | None
    clip: Path
    number: int
    """Of the clip in its row, from 0."""
    hop_s: float
    """That the recordings' noise is measured by."""
    extras: Extras
    no_plugins: bool


def measure_quality(
    catalog: Catalog, subjects: Sequence[Subject], clips: Sequence[Path], *, extras: Extras = NO_EXTRAS,
    n_jobs: int = 1, no_plugins: bool = False, done: Callable[[int, str], None] = lambda n_clips, label: None,
) -> list[Row]:
    """The recordings' row, and then one for each subject.

    Torch is held to one thread, so that CPU time is comparable; it has as many as before afterwards.

    Args:
        catalog: What the subjects are opened from; with `n_jobs` above 1 each process opens its own.
        subjects: As `vocolab.bench.subjects.choose` gives them.
        clips: Recordings, at least one.
        extras: What to measure besides.
        n_jobs: Processes, each with a voice in memory at a time.
        no_plugins: Whether those processes load built-in plugins only.
        done: Called after each clip of each row with how many are done and the row's label.

    Raises:
        AudioError: if a recording can't be read, or a file that was rendered elsewhere.
        DependencyMissing: if a package that measures is not installed.
    """
    chosen: list[Subject | None] = [None, *subjects]
    hop_s = next((subject.hop_s for subject in subjects if subject.hop_s), _USUAL_HOP_S)
    tasks = [_Task(subject, clip, number, hop_s, extras, no_plugins)
             for subject in chosen for number, clip in enumerate(clips)]
    rows: list[Row] = []
    with _results(catalog, tasks, n_jobs) as results:
        for number, subject in enumerate(chosen):
            label = subject.label if subject else RECORDINGS
            measured = []
            for index in range(len(clips)):
                measured.append(next(results))
                done(number * len(clips) + index + 1, label)
            rows.append(make_row(label, measured, *((subject.parameters, subject.stored_bytes) if subject else ())))
    return rows


@contextmanager
def _results(catalog: Catalog, tasks: Sequence[_Task], n_jobs: int) -> Iterator[Iterator[ClipFigures]]:
    """The figures of all tasks, in their order."""
    if n_jobs == 1:
        with one_thread():
            opened = _Opened(catalog)
            yield (opened(task) for task in tasks)
        return
    with ProcessPoolExecutor(n_jobs, mp_context=get_context("spawn"), initializer=_begin_process) as pool:
        try:
            yield pool.map(_in_process, tasks)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


class _Opened:
    """Measures tasks with the renderer of the last one, where it is the same."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._subject: Subject | None = None
        self._renderer: Renderer | None = None

    def __call__(self, task: _Task) -> ClipFigures:
        if task.subject is None:
            return measure_recording(task.clip, task.hop_s, extras=task.extras,
                                     paired=task.number < _RECORDINGS_COMPARED)
        if task.subject.files is not None:
            file, spec = task.subject.files.of(task.clip.stem), task.subject.mel_spec
            assert spec is not None
            return measure_file(file, spec, task.clip, extras=task.extras)
        is_new = self._renderer is None or task.subject != self._subject
        if is_new:
            self._renderer = None  # before the next one takes its memory
            self._subject, self._renderer = task.subject, task.subject.open(self._catalog)
        assert self._renderer is not None
        return measure_rendering(self._renderer, task.clip, extras=task.extras, warm_up=is_new)


@lru_cache(maxsize=1)
def _opened_here(no_plugins: bool) -> _Opened:
    return _Opened(Catalog.installed(no_plugins=no_plugins))


def _in_process(task: _Task) -> ClipFigures:
    return _opened_here(task.no_plugins)(task)


def _begin_process() -> None:
    import torch

    torch.set_num_threads(1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that waits for this one


@contextmanager
def one_thread() -> Iterator[None]:
    """While it lasts torch computes on one thread."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)
