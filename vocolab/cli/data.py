"""`vocolab data prepare`: a folder of recordings becomes a corpus to train on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from vocolab.cli.parameters import PATH, jobs_option, json_option, mel_spec_option
from vocolab.cli.session import Session, add_global_options, pass_session, print_json
from vocolab.corpora.splitting import USUAL_SEED

if TYPE_CHECKING:
    from vocolab.corpora.preparing import Progress as Told

_POSITIVE = click.FloatRange(min=0, min_open=True)


@click.group(no_args_is_help=True)
def data() -> None:
    """Make recordings ready to train on."""


@data.command()
@click.argument("folder", type=PATH)
@click.option("-o", "--output", type=PATH, required=True, help="Folder of the prepared corpus.")
@mel_spec_option("The convention to prepare for.", required=True)
@click.option("--sample-rate", type=click.IntRange(4_000, 768_000), metavar="HZ",
              help="Of the stored clips. Default: the convention's.")
@click.option("--trim-db", type=_POSITIVE, default=45.0, show_default=True,
              help="Silence at the ends is this far under the loudest 20 ms.")
@click.option("--no-trim", is_flag=True, help="Leave the ends as they are.")
@click.option("--keep-ms", type=click.FloatRange(min=0), default=100.0, show_default=True,
              help="Silence that stays at both ends.")
@click.option("--shortest", "shortest_s", type=_POSITIVE, default=0.5, show_default=True, metavar="SECONDS",
              help="Leave out shorter clips.")
@click.option("--longest", "longest_s", type=_POSITIVE, default=30.0, show_default=True, metavar="SECONDS",
              help="Leave out longer clips.")
@click.option("--clipped-percent", type=click.FloatRange(0, 100), default=0.1, show_default=True,
              help="Leave out clips with more samples cut off at full scale.")
@click.option("--noise-dbfs", type=float, default=-30.0, show_default=True,
              help="Leave out clips with a higher noise floor.")
@click.option("--validation", "held_out", type=click.IntRange(min=1), metavar="CLIPS",
              help="Clips to hold out. Default: one in twenty, at most 50.")
@click.option("--seed", type=int, default=USUAL_SEED, show_default=True, help="Of the choice of held-out prompts.")
@jobs_option
@json_option
@pass_session
def prepare(  # noqa: PLR0913 - one parameter an option
    session: Session, /, folder: Path, output: Path, mel_spec: str, sample_rate: int | None, trim_db: float,
    no_trim: bool, keep_ms: float, shortest_s: float, longest_s: float, clipped_percent: float, noise_dbfs: float,
    held_out: int | None, seed: int, n_jobs: int, as_json: bool,
) -> None:
    """Resample, trim, check and split the recordings of FOLDER, and store them for training.

    FOLDER holds metadata.csv, a line a clip as name|text, and the clips as WAV or FLAC in wavs/, wav/, flac/ or beside
    it. For a vocoder the clips alone will do. A validation.txt in it decides what is held out; else whole prompts are
    chosen. What is left out, and why, is
    told here and stands in OUTPUT/report.json. A run that was stopped goes on where it was; a later run does what is
    missing or has changed.
    """
    from vocolab.corpora.findings import Limits
    from vocolab.corpora.preparing import Settings
    from vocolab.corpora.preparing import prepare as prepare_corpus

    spec = session.mel_spec(mel_spec)
    assert spec is not None
    limits = Limits(shortest_s, longest_s, clipped_percent, noise_dbfs)
    settings = Settings(sample_rate, None if no_trim else trim_db, keep_ms, held_out, seed, limits)
    with _Shown(session) as told:
        report = prepare_corpus(folder, output, spec, settings, n_jobs=n_jobs, progress=told)
    if as_json:
        print_json(report.to_dict())
    else:
        session.say(report.to_text())


add_global_options(prepare)


class _Shown:
    """The progress of a preparation on stderr."""

    def __init__(self, session: Session) -> None:
        from vocolab.cli.progress import Progress

        self._make, self._quiet = Progress, session.quiet
        self._bar = Progress(0, quiet=True)
        self._done = 0

    def __enter__(self) -> Told:
        from vocolab.corpora.preparing import Progress as Told

        return Told(self._begin, self._advance)

    def __exit__(self, *_: object) -> None:
        self._bar.close()

    def _begin(self, n_clips: int) -> None:
        self._bar = self._make(n_clips, quiet=self._quiet)

    def _advance(self, name: str) -> None:
        self._done += 1
        self._bar.reach(self._done - 1, 1.0, name)
