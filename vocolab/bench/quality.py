"""Every subject measured on every clip, one clip in memory at a time; a row for each subject."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from vocolab.bench.clip_figures import ClipFigures
from vocolab.bench.measures import NO_EXTRAS, Extras, measure_file, measure_recording, measure_rendering
from vocolab.bench.rows import RECORDINGS, Row, make_row
from vocolab.bench.subjects import Subject
from vocolab.catalog import Catalog
from vocolab.crews.errands import Crew, Files, Outcome, Work, in_order
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


def measure_quality(
    catalog: Catalog, subjects: Sequence[Subject], clips: Sequence[Path], *, extras: Extras = NO_EXTRAS,
    crew: Crew | None = None, no_plugins: bool = False, done: Callable[[int, str], None] = lambda n_clips, label: None,
) -> list[Row]:
    """The recordings' row, and then one for each subject.

    Torch is held to one thread, so that CPU time is comparable; it has as many as before afterwards.

    Args:
        catalog: What the subjects are opened from; each process of a crew opens its own.
        subjects: As `vocolab.bench.subjects.choose` gives them.
        clips: Recordings, at least one.
        extras: What to measure besides.
        crew: Other processes that measure, each with a voice in memory at a time.
        no_plugins: Whether those processes load built-in plugins only.
        done: Called after each clip of each row with how many are done and the row's label.

    Raises:
        AudioError: if a recording can't be read, or a file that was rendered elsewhere.
        DependencyMissing: if a package that measures is not installed.
    """
    chosen: list[Subject | None] = [None, *subjects]
    hop_s = next((subject.hop_s for subject in subjects if subject.hop_s), _USUAL_HOP_S)
    tasks = [_Task(subject, clip, number, hop_s, extras)
             for subject in chosen for number, clip in enumerate(clips)]
    rows: list[Row] = []
    with _results(catalog, tasks, crew, no_plugins) as results:
        for number, subject in enumerate(chosen):
            label = subject.label if subject else RECORDINGS
            measured = []
            for index in range(len(clips)):
                measured.append(next(results))
                done(number * len(clips) + index + 1, label)
            rows.append(make_row(label, measured, *((subject.parameters, subject.stored_bytes) if subject else ())))
    return rows


@contextmanager
def _results(catalog: Catalog, tasks: Sequence[_Task], crew: Crew | None, no_plugins: bool
             ) -> Iterator[Iterator[ClipFigures]]:
    """The figures of all tasks, in their order."""
    if crew is None:
        with one_thread():
            opened = _Opened(catalog)
            yield (opened(task) for task in tasks)
        return
    with closing(crew.outcomes(_Measuring(no_plugins), tasks, lambda number, done: None)) as coming:
        yield map(_figures, in_order(coming))


@dataclass(frozen=True)
class _Measuring:
    """Measuring clips in another process. An `Errand`."""

    no_plugins: bool
    reads: tuple[Path, ...] = ()

    def begin(self) -> Work[_Task, ClipFigures]:
        """On one thread, as here."""
        import torch

        torch.set_num_threads(1)
        opened = _Opened(Catalog.installed(no_plugins=self.no_plugins))
        return lambda task, _report: opened(task)

    def files(self, job: _Task) -> Files:
        """The recording, and the voice where it is a file."""
        voice = Path(job.subject.voice) if job.subject is not None and job.subject.voice else None
        return Files([job.clip, *([voice] if voice is not None and voice.is_file() else [])])


def _figures(outcome: Outcome[_Task, ClipFigures]) -> ClipFigures:
    """The figures, or the error, of a clip.

    Raises:
        VocolabError: what measuring it raised.
    """
    if outcome.error is not None:
        raise outcome.error
    assert outcome.result is not None
    return outcome.result


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
