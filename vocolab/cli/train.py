"""`vocolab train`: a recipe and a corpus in, a voice out."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from vocolab.cli.parameters import PATH
from vocolab.cli.session import Session, add_global_options, pass_session
from vocolab.errors import CallError, VocolabError

if TYPE_CHECKING:
    from vocolab.catalog import Catalog
    from vocolab.interfaces import Vocoder
    from vocolab.training.interfaces import TrainableFactory
    from vocolab.training.recipe import Recipe
    from vocolab.training.starting_point import StartingPoint


_FIRST_SPEAKS_S = 10.0


@click.command("export")
@click.argument("run_folder", metavar="RUN", type=PATH)
@click.option("-o", "--output", type=PATH, required=True, help="The voice to write, NAME.safetensors.")
@click.option("--float32", "full", is_flag=True, help="Keep 32 bits a weight; 16 by default, at half the size.")
@click.option("--licence", default="", help="Licence to state in the voice.")
@click.option("--trained-on", default="", help="Corpus and credit to state in the voice.")
@pass_session
def export(session: Session, /, run_folder: Path, output: Path, full: bool, licence: str, trained_on: str) -> None:
    """Write the best validated weights of RUN so far as a voice; the run may still be going on."""
    from vocolab.training.export import export_run
    from vocolab.training.run_folder import RunFolder

    if output.suffix != ".safetensors":
        raise CallError(f"{output}: a voice is written as .safetensors")
    factory = _factory(session.catalog, RunFolder(run_folder).describe().model)
    export_run(run_folder, factory, licence=licence, trained_on=trained_on).save(output, half=not full)
    session.say(f"{output}: {output.stat().st_size / 1e6:.2f} MB")
    _note_what_is_not_said(session, licence=licence, trained_on=trained_on)


def _note_what_is_not_said(session: Session, *, licence: str, trained_on: str) -> None:
    """A voice without these can't be passed on by anybody who is careful."""
    asked = {"under which licence it is (--licence)": licence, "what it was trained on (--trained-on)": trained_on}
    unsaid = [question for question, answer in asked.items() if not answer]
    if unsaid:
        session.say(f"note: the voice does not say {' or '.join(unsaid)}; export it again with what you know")


class _Train(click.Command):
    """Trains; with `export` as its first argument it is the command of that name."""

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        if args[:1] == ["export"]:
            return add_global_options(export).make_context(f"{info_name} export", args[1:], parent, **extra)
        with _told_once():
            return super().make_context(info_name, args, parent, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        with _told_once():
            return super().invoke(ctx)


@contextmanager
def _told_once() -> Iterator[None]:
    """Of the processes of one training, which mostly fail alike, lets the first of each machine tell why.

    The others wait: torchrun ends them when one has ended, and would end the first before it has spoken. One that is
    still there after that failed alone, and tells it.
    """
    try:
        yield
    except (VocolabError, click.ClickException):
        if int(os.environ.get("WORLD_SIZE", "1")) > 1 and os.environ.get("LOCAL_RANK", "0") != "0":
            time.sleep(_FIRST_SPEAKS_S)
        raise


@click.command(cls=_Train, epilog="'vocolab train export RUN -o VOICE' writes the best weights of a run as a voice.")
@click.argument("model")
@click.argument("recipe")
@click.option("--data", type=PATH, required=True, help="Corpus: what 'vocolab data prepare' made, or a raw folder.")
@click.option("--run", "run_folder", type=PATH, help="Folder of the run. Default: runs/RECIPE-SEED.")
@click.option("--from", "start", metavar="VOICE", help="Fine-tune: a voice's name or file, its weights to begin with.")
@click.option("--mels", type=PATH, help="Folder of predicted mels, NAME.npy after the clips, to train on.")
@click.option("--steps", type=click.IntRange(min=1), help="Replaces the recipe's number of steps.")
@click.option("--until", type=click.IntRange(min=1), help="Stop at this step; the schedule stays the recipe's.")
@click.option("--device", type=click.Choice(["cpu", "cuda"]), default="cpu", show_default=True, help="Where to train.")
@click.option("--threads", type=click.IntRange(min=1), help="CPU threads; default: torch's.")
@pass_session
def train(  # noqa: PLR0913 - one parameter an option
    session: Session, /, model: str, recipe: str, data: Path, run_folder: Path | None, start: str | None,
    mels: Path | None, steps: int | None, until: int | None, device: str, threads: int | None,
) -> None:
    """Train MODEL by RECIPE, a name or a file; a run that was stopped, however, goes on from its last checkpoint.

    Several processes: torchrun --nproc-per-node N --no-python -- vocolab train ...
    """
    from vocolab.cli.training_progress import TrainingProgress
    from vocolab.training.model_table import ModelTableError
    from vocolab.training.recipe import read_recipe
    from vocolab.training.session import TrainingJob

    _prepare_torch(device, threads)
    factory = _factory(session.catalog, model)
    file = session.catalog.recipes.file_for(model, recipe)
    what = read_recipe(file, steps=steps)
    job = TrainingJob(
        model, factory, what, run_folder or Path("runs") / f"{Path(file.name).stem}-{what.seed}", device,
        start=_starting_point(session.catalog, start), mels=mels, teacher=_teacher(session.catalog, what),
        source=str(file),
    )
    try:
        with TrainingProgress(what.optimizer.steps, until=until, quiet=session.quiet) as progress:
            job.run(data, progress.say, progress.report, until=until, reach=progress.reach)
    except ModelTableError as error:
        owner = _owner(session.catalog, what) if error.unknown else ""
        if owner:
            raise ModelTableError(f"{error}. Is this a recipe for {owner}?") from error
        raise


def _prepare_torch(device: str, threads: int | None) -> None:
    import torch

    if threads:
        torch.set_num_threads(threads)
    if device == "cuda" and not torch.cuda.is_available():
        raise CallError("--device cuda: torch finds no GPU here; use --device cpu")


def _factory(catalog: Catalog, model: str) -> TrainableFactory:
    from vocolab.plugins.targets import load_target

    entry = catalog.models.get(model)
    if not entry.spec.trainer:
        raise CallError(f"{model} can't be trained; its plugin names no trainer")
    factory: TrainableFactory = load_target(entry, "trainer")
    return factory


def _owner(catalog: Catalog, recipe: Recipe) -> str:
    """The model that a recipe's `[model]` describes, empty if none takes it."""
    import torch

    from vocolab.mels.conventions import convention
    from vocolab.plugins.targets import load_target

    spec = convention(recipe.mel_spec)
    for entry in catalog.models.entries():
        if not entry.spec.trainer:
            continue
        with suppress(Exception), torch.device("meta"):  # whatever a plugin says to a table that is not its own
            load_target(entry, "trainer")(dict(recipe.model), spec)
            return entry.name
    return ""


def _starting_point(catalog: Catalog, name: str | None) -> StartingPoint | None:
    from vocolab.training.starting_point import StartingPoint

    return None if name is None else StartingPoint(name, catalog.voices.load(name))


def _teacher(catalog: Catalog, recipe: Recipe) -> Vocoder | None:
    """The teacher's vocoder as it renders by itself: no postfilter could be learned from mels alone."""
    if recipe.distill is None:
        return None
    from vocolab.rendering import open_vocoder

    return open_vocoder(catalog, voice=recipe.distill.voice, refine=0).vocoder
