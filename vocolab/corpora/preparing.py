"""From a folder of recordings to a corpus that can be trained on, with a reason for everything that is left out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field, replace
from pathlib import Path

from vocolab.corpora.clip_work import ClipWork
from vocolab.corpora.examining import Shape
from vocolab.corpora.findings import Finding, Limits, judge
from vocolab.corpora.folder import VALIDATION, Line, read_listing, read_validation
from vocolab.corpora.matching import Source, match_lines
from vocolab.corpora.names import NameIndex
from vocolab.corpora.prepared import PreparedFolder, Record
from vocolab.corpora.report import Report
from vocolab.corpora.splitting import USUAL_SEED, hold_out, with_same_text
from vocolab.errors import CallError, CorpusError
from vocolab.mels.spec import MelSpec


@dataclass(frozen=True)
class Settings:
    """How a corpus is prepared.

    Raises:
        CallError: if a value is out of its range.
    """

    sample_rate: int | None = None
    """Hz; None: the convention's. A higher one keeps the band that playing slower in training would miss."""
    trim_db: float | None = 45.0
    """Silence at both ends is what lies this far under the loudest 20 ms; None: nothing is trimmed."""
    keep_ms: float = 100.0
    """What is left of it."""
    held_out: int | None = None
    """Clips for validation; None: one in twenty, at most 50. A `validation.txt` in the source goes before it."""
    seed: int = USUAL_SEED
    limits: Limits = field(default_factory=Limits)

    def __post_init__(self) -> None:
        if self.trim_db is not None and self.trim_db <= 0:
            raise CallError(f"trim_db = {self.trim_db:g} has to be above 0")
        if self.keep_ms < 0 or (self.held_out is not None and self.held_out < 1):
            raise CallError("keep_ms has to be 0 or more, and at least one clip has to be held out")

    def shape(self, spec: MelSpec) -> Shape:
        """What each clip is brought to.

        Raises:
            CallError: if the rate is lower than the convention's.
        """
        rate = self.sample_rate or spec.sample_rate
        if rate < spec.sample_rate:
            raise CallError(f"a sample rate of {rate} Hz is below the convention's {spec.sample_rate} Hz")
        return Shape(rate, self.trim_db, self.keep_ms)


@dataclass(frozen=True)
class Progress:
    """Who is told how a preparation comes along."""

    begin: Callable[[int], None] = lambda n_clips: None
    """How many clips there are to do."""
    done: Callable[[str], None] = lambda name: None
    """A clip is done."""


def prepare(
    source: Path, target: Path, spec: MelSpec, settings: Settings | None = None, *, n_jobs: int = 1,
    progress: Progress | None = None,
) -> Report:
    """Bring the recordings of `source` to the rate of `spec`, trim, check, split and store them in `target`.

    A run that was stopped, however, goes on where it was; a second run does what is missing or has changed.

    Args:
        source: A folder as `vocolab.corpora.folder` draws it.
        target: The folder to make, laid out as `vocolab.corpora.prepared` draws it.
        spec: The mel convention to prepare for.
        settings: Rate, trimming, limits, split.
        n_jobs: Clips at a time.
        progress: Who is told.

    Raises:
        CallError: if a setting is out of its range, or `target` holds something else.
        CorpusError: if `source` has neither metadata nor recordings, or metadata of another form; if no two clips of
            different text are left.
        OutputError: if the disk is full. What is done stays, and the next run goes on.
    """
    settings, progress = settings or Settings(), progress or Progress()
    shape = settings.shape(spec)
    listing, held_out = read_listing(source), read_validation(source)
    sources, findings = match_lines(source, listing.lines)
    folder = PreparedFolder(target)
    folder.open(source)
    before = folder.records()
    folder.begin()
    folder.write_records(before.values())
    work = ClipWork(folder, shape, settings.limits)
    todo = [entry for entry in sources if not work.is_done(entry, before.get(entry.line.name))]
    progress.begin(len(todo))
    records = dict(before)
    for record in _in_parallel(work, todo, n_jobs):
        folder.append_record(record)
        records[record.name] = record
        progress.done(record.name)
    mine = {entry.line.name: records[entry.line.name] for entry in sources}
    kept, verdicts = _kept(sources, mine, settings.limits, shape.sample_rate)
    report = Report(
        source=source, target=target, mel_spec=spec, sample_rate=shape.sample_rate, lines=len(listing.lines),
        assumed=listing.assumed, prepared_now=len(todo), findings=(*findings, *verdicts),
        seconds={entry.line.name: _seconds(mine[entry.line.name]) for entry in kept},
    )
    return _finish(folder, report, kept, held_out, settings, records=mine, before=before)


def _in_parallel(work: ClipWork, todo: Sequence[Source], n_jobs: int) -> Iterator[Record]:
    """Records as they come. The first error ends the work: on a full disk no other clip would do better."""
    if n_jobs == 1:
        yield from map(work, todo)
        return
    with ThreadPoolExecutor(n_jobs) as pool:
        futures: list[Future[Record]] = [pool.submit(work, entry) for entry in todo]
        try:
            for future in as_completed(futures):
                yield future.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _kept(
    sources: Sequence[Source], records: dict[str, Record], limits: Limits, sample_rate: int
) -> tuple[list[Source], list[Finding]]:
    """The clips to use, in the metadata's order, and what there is to say of all."""
    kept: list[Source] = []
    findings: list[Finding] = []
    first_with: dict[str, str] = {}
    for entry in sources:
        name, record = entry.line.name, records[entry.line.name]
        if record.figures is None:
            findings.append(Finding(name, "unreadable", record.problem, True))
            continue
        found = judge(name, record.figures, limits, sample_rate)
        same = first_with.setdefault(record.figures.digest, name)
        if same != name and not any(finding.left_out for finding in found):
            found.insert(0, Finding(name, "same-recording", f"is {same} again, sample for sample", True))
        findings += found
        if not any(finding.left_out for finding in found):
            kept.append(entry)
    return kept, findings


def _seconds(record: Record) -> float:
    return record.figures.seconds if record.figures else 0.0


def _finish(
    folder: PreparedFolder, report: Report, kept: Sequence[Source], listed: list[str] | None, settings: Settings,
    *, records: dict[str, Record], before: dict[str, Record],
) -> Report:
    """Split, write what describes the corpus, and take away clips that are no longer part of it."""
    names = {entry.line.name for entry in kept}
    folder.write_records(records.values())
    for stale in (before.keys() | records.keys()) - names:
        folder.clip(stale).unlink(missing_ok=True)
    folder.write_report(report.to_dict())  # also where nothing is left to split
    held_out, notes = _split(kept, listed, settings, report)
    report = replace(report, held_out=frozenset(held_out), findings=(*report.findings, *notes))
    validation = "".join(f"{name}\n" for name in report.seconds if name in held_out)
    metadata = "".join(_metadata_line(entry.line, report.seconds[entry.line.name]) for entry in kept)
    folder.write_report(report.to_dict())
    state = {
        "sample_rate_hz": report.sample_rate, "mel_spec": report.mel_spec.to_dict(), "seed": settings.seed,
        "clips": len(kept), "held_out": len(held_out),
    }
    folder.finish(metadata, validation, state)
    return report


def _split(
    kept: Sequence[Source], listed: list[str] | None, settings: Settings, report: Report
) -> tuple[set[str], list[Finding]]:
    prompts = {entry.line.name: entry.line.spoken for entry in kept}
    if not prompts:
        first = next((finding for finding in report.findings if finding.left_out), None)
        because = f"; {first.name}: {first.text}" if first else ""
        raise CorpusError(f"none of its {report.lines} clips can be used{because}", about=report.source)
    if listed is None:
        return hold_out(prompts, settings.held_out, settings.seed), []
    return _honoured(prompts, listed, report.source)


def _honoured(prompts: dict[str, str], listed: list[str], source: Path) -> tuple[set[str], list[Finding]]:
    """The clips that the source's own `validation.txt` holds out, and those that share a text with one."""
    index = NameIndex(prompts)
    listed = [index.find(name) or name for name in listed]
    held_out = with_same_text(prompts, listed)
    if not held_out or len(held_out) == len(prompts):
        left = "validate with" if not held_out else "train on"
        raise CorpusError(f"leaves no usable clip to {left}; fix it, or delete it to "
                          "have clips chosen", about=source / VALIDATION)
    notes = [Finding(name, "held-out-too", "has the text of a clip in validation.txt", False)
             for name in sorted(held_out - set(listed))]
    notes += [Finding(name, "not-there", "validation.txt names it, and it is not a usable clip", False)
              for name in listed if name not in prompts]
    return held_out, notes


def _metadata_line(line: Line, seconds: float) -> str:
    fields = [line.name, line.text, *([line.normalised] if line.normalised else []), f"{seconds:.3f}"]
    return "|".join(fields) + "\n"
