"""Every subject measured on every clip, one clip in memory at a time; a row of means for each subject."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from vocolab.bench.bands import centres_hz, level_differences_db, nominal_hz
from vocolab.bench.measures import ClipFigures, measure_recording, measure_rendering
from vocolab.bench.subjects import Subject
from vocolab.catalog import Catalog
from vocolab.rendering import Renderer

RECORDINGS = "recordings"
_RECORDINGS_COMPARED = 5


@dataclass(frozen=True)
class Row:
    """Means over the clips."""

    label: str
    figures: dict[str, float]
    """By measure; one that could judge no clip is not in it. "rtf": CPU seconds a second of audio, on one thread."""
    bands_db: dict[float, float] = field(default_factory=dict)
    """Level of the renderings over the recordings by the nominal centre of the third octave, in Hz."""
    parameters: int = 0
    stored_bytes: int = 0
    problems: tuple[str, ...] = ()
    """Clips that a measure could not judge; its mean is over the others."""

    @property
    def worst_band(self) -> tuple[float, float] | None:
        """The third octave that is furthest off: its nominal centre in Hz, and by how many dB."""
        if not self.bands_db:
            return None
        hz = max(self.bands_db, key=lambda centre: abs(self.bands_db[centre]))
        return hz, self.bands_db[hz]


@dataclass(frozen=True)
class _Task:
    """One clip of one row; None stands for the recordings."""

    subject: Subject | None
    clip: Path
    number: int
    """Of the clip in its row, from 0."""
    with_dnsmos: bool
    no_plugins: bool


def measure_quality(
    catalog: Catalog, subjects: Sequence[Subject], clips: Sequence[Path], *, with_dnsmos: bool = False, n_jobs: int = 1,
    no_plugins: bool = False, done: Callable[[int, str], None] = lambda n_clips, label: None,
) -> list[Row]:
    """The recordings' row, and then one for each subject.

    Torch is held to one thread, so that CPU time is comparable; it has as many as before afterwards.

    Args:
        catalog: What the subjects are opened from; with `n_jobs` above 1 each process opens its own.
        subjects: As `vocolab.bench.subjects.choose` gives them.
        clips: Recordings, at least one.
        with_dnsmos: Measure DNSMOS too.
        n_jobs: Processes, each with a voice in memory at a time.
        no_plugins: Whether those processes load built-in plugins only.
        done: Called after each clip of each row with how many are done and the row's label.

    Raises:
        AudioError: if a recording can't be read.
        DependencyMissing: if a package that measures is not installed.
    """
    chosen: list[Subject | None] = [None, *subjects]
    tasks = [_Task(subject, clip, number, with_dnsmos, no_plugins)
             for subject in chosen for number, clip in enumerate(clips)]
    rows: list[Row] = []
    with _results(catalog, tasks, n_jobs) as results:
        for number, subject in enumerate(chosen):
            label = subject.label if subject else RECORDINGS
            measured = []
            for index in range(len(clips)):
                measured.append(next(results))
                done(number * len(clips) + index + 1, label)
            rows.append(_row(subject, label, measured))
    return rows


@contextmanager
def _results(catalog: Catalog, tasks: Sequence[_Task], n_jobs: int) -> Iterator[Iterator[ClipFigures]]:
    """The figures of all tasks, in their order."""
    if n_jobs == 1:
        with _one_thread():
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
            return measure_recording(
                task.clip, with_dnsmos=task.with_dnsmos, paired=task.number < _RECORDINGS_COMPARED
            )
        is_new = self._renderer is None or task.subject != self._subject
        if is_new:
            self._renderer = None  # before the next one takes its memory
            self._subject, self._renderer = task.subject, task.subject.open(self._catalog)
        assert self._renderer is not None
        return measure_rendering(self._renderer, task.clip, with_dnsmos=task.with_dnsmos, warm_up=is_new)


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
def _one_thread() -> Iterator[None]:
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def _row(subject: Subject | None, label: str, measured: Sequence[ClipFigures]) -> Row:
    names = dict.fromkeys(name for clip in measured for name in clip.figures)
    figures = {
        name: float(np.mean([clip.figures[name] for clip in measured if name in clip.figures])) for name in names
    }
    problems = tuple(f"{clip.name}: {problem}" for clip in measured for problem in clip.problems)
    if subject is None:
        return Row(label, figures, problems=problems)
    figures["rtf"] = sum(clip.cpu_s for clip in measured) / sum(clip.audio_s for clip in measured)
    return Row(label, figures, _bands(measured), subject.parameters, subject.stored_bytes, problems)


def _bands(measured: Sequence[ClipFigures]) -> dict[float, float]:
    """Level differences of the powers summed over all clips, so that quiet clips weigh as little as they sound."""
    n_bands = min(len(clip.recorded) for clip in measured)  # recordings may be at several rates
    recorded = np.sum([clip.recorded[:n_bands] for clip in measured], axis=0)
    rendered = np.sum([clip.rendered[:n_bands] for clip in measured], axis=0)
    differences = level_differences_db(recorded, rendered)
    centres = centres_hz(10**6)[:n_bands]
    return {nominal_hz(centre): float(difference) for centre, difference in zip(centres, differences, strict=True)}
