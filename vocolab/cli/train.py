"""`vocolab train`: a recipe and a corpus in, a voice out."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from vocolab.cli.parameters import PATH
from vocolab.cli.session import Session, pass_session

if TYPE_CHECKING:
    from vocolab.catalog import Catalog
    from vocolab.training.recipe import Recipe
    from vocolab.training.session import TrainingJob


@click.command()
@click.argument("vocoder")
@click.argument("recipe", type=PATH)
@click.option("--data", type=PATH, help="Corpus: metadata.csv, validation.txt, flac/ or wav/.")
@click.option("--run", "run_folder", type=PATH, help="Folder of the run's checkpoints.")
@click.option("--steps", type=click.IntRange(min=1), help="Replaces the recipe's number of steps.")
@click.option("--until", type=click.IntRange(min=1), help="Stop at this step; the schedule stays the recipe's.")
@click.option("--device", default="cpu", show_default=True, help="cpu or cuda.")
@click.option("--threads", type=click.IntRange(min=1), help="CPU threads; default: torch's.")
@click.option("--export", "export_file", type=PATH, help="Write the best weights as a voice.")
@click.option("--licence", default="", help="Licence to state in the exported voice.")
@click.option("--trained-on", default="", help="Corpus and credit to state in the exported voice.")
@pass_session
def train(  # noqa: PLR0913 - one parameter an option
    session: Session, /, vocoder: str, recipe: Path, data: Path | None, run_folder: Path | None, steps: int | None,
    until: int | None, device: str, threads: int | None, export_file: Path | None, licence: str, trained_on: str,
) -> None:
    """Train VOCODER by RECIPE; a run that was stopped, however, goes on from its last checkpoint.

    Without --data nothing is trained: with --export, the best weights of the run so far are written.
    """
    from vocolab.errors import CallError
    from vocolab.training.recipe import read_recipe

    if data is None and export_file is None:
        raise CallError("nothing to do: give --data FOLDER to train, or --export FILE to write a run's best weights")
    if threads:
        _use_threads(threads)
    job = _job(session.catalog, vocoder, read_recipe(recipe, steps=steps), run_folder, device)
    if data is not None:
        progress = _Progress(job.recipe.optimizer.steps, quiet=session.quiet)
        job.run(data, progress.say, progress.report, until=until)
    if export_file is not None:
        job.export(licence=licence, trained_on=trained_on).save(export_file, half=True)
        session.say(f"{export_file}: {export_file.stat().st_size / 1e6:.2f} MB")


def _use_threads(threads: int) -> None:
    import torch

    torch.set_num_threads(threads)


def _job(catalog: Catalog, vocoder: str, recipe: Recipe, run_folder: Path | None, device: str) -> TrainingJob:
    import torch

    from vocolab.errors import CallError
    from vocolab.targets import load_target
    from vocolab.training.session import TrainingJob

    if device == "cuda" and not torch.cuda.is_available():
        raise CallError("--device cuda: torch finds no GPU here; use --device cpu")
    entry = catalog.vocoders.get(vocoder)
    if not entry.spec.trainer:
        raise CallError(f"{vocoder} can't be trained; its plugin names no trainer")
    folder = run_folder or Path("runs") / f"{vocoder}-{recipe.seed}"
    return TrainingJob(vocoder, load_target(entry, "trainer"), recipe, folder, device)


class _Progress:
    """One line a logged step: rewritten in place on a terminal, whole lines in a log, nothing if quiet."""

    def __init__(self, steps: int, *, quiet: bool) -> None:
        self.steps, self.quiet = steps, quiet
        self.in_place = sys.stderr.isatty()
        self.started = time.monotonic()

    def say(self, line: str) -> None:
        """A line that stays."""
        if not self.quiet:
            click.echo(line, err=True)

    def report(self, record: dict[str, Any]) -> None:
        """Progress of a step, or the figures of a validation."""
        if self.quiet:
            return
        if "validation" in record:
            figures = "  ".join(f"{name} {value:.4f}" for name, value in record["validation"].items())
            click.echo(f"\nstep {record['step']}: validation {figures}", err=True)
            return
        remaining_s = (self.steps - record["step"]) / max(record["steps_per_s"], 1e-9)
        line = (
            f"step {record['step']}/{self.steps}  loss {record['loss']:.3f}  mel {record['mel']:.3f}  "
            f"{record['steps_per_s']:.2f} steps/s  {remaining_s / 60:.0f} min left"
        )
        click.echo(f"\r{line}   ", nl=not self.in_place, err=True)
