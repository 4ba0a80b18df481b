"""`vocolab train`: a recipe and a corpus in, a voice out."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from vocolab.cli.parameters import PATH, device_option, force_option, mel_spec_option
from vocolab.cli.session import Session, pass_session
from vocolab.cli.short_form import ShortFormGroup, names_of
from vocolab.errors import CallError, OptionError, VocolabError

if TYPE_CHECKING:
    from vocolab.catalog import Catalog
    from vocolab.interfaces import Vocoder
    from vocolab.training.interfaces import TrainableFactory
    from vocolab.training.recipe import Recipe
    from vocolab.training.starting_point import StartingPoint


_FIRST_SPEAKS_S = 10.0


@click.group(
    cls=ShortFormGroup, short="run",
    epilog="'vocolab train export RUN -o VOICE' writes the best weights of a run as a voice.",
    forms=[("vocolab train MODEL RECIPE", "vocolab train run MODEL RECIPE")],
)
def train() -> None:
    """Train a model by a recipe, and write what came out as a voice.

    Several processes: torchrun --nproc-per-node N --no-python -- vocolab train ...
    """


@train.command("export")
@click.argument("run_folder", metavar="RUN", type=PATH)
@click.option("-o", "--output", type=PATH, required=True, help="The voice to write, NAME.safetensors.")
@click.option("--float32", "full", is_flag=True, help="Keep 32 bits a weight; 16 by default, at half the size.")
@click.option("--licence", default="", help="Licence to state in the voice.")
@click.option("--trained-on", default="", help="Corpus and credit to state in the voice.")
@pass_session
def export(session: Session, /, run_folder: Path, output: Path, full: bool, licence: str, trained_on: str) -> None:
    """Write the best validated weights of RUN so far as a voice; the run may still be going on."""
    from vocolab.cli.outputs import make_folder
    from vocolab.training.export import export_run
    from vocolab.training.run_folder import RunFolder

    if output.suffix != ".safetensors":
        raise CallError("a voice is written as .safetensors", about=output)
    factory = _factory(session.catalog, RunFolder(run_folder).describe().model)
    voice = export_run(run_folder, factory, licence=licence, trained_on=trained_on)
    make_folder(output.parent)
    voice.save(output, half=not full)
    session.say(f"{output}: {output.stat().st_size / 1e6:.2f} MB")
    _note_what_is_not_said(session, licence=licence, trained_on=trained_on)


def _note_what_is_not_said(session: Session, *, licence: str, trained_on: str) -> None:
    """A voice without these can't be passed on by anybody who is careful."""
    asked = {"under which licence it is (--licence)": licence, "what it was trained on (--trained-on)": trained_on}
    unsaid = [question for question, answer in asked.items() if not answer]
    if unsaid:
        session.say(f"note: the voice does not say {' or '.join(unsaid)}; export it again with what you know")


class _Run(click.Command):
    """A command that is run by many processes at once."""

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """As click does."""
        with _told_once():
            return super().make_context(info_name, args, parent, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        """As click does."""
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
        if os.environ.get("WORLD_SIZE", "1") != "1" and os.environ.get("LOCAL_RANK", "0") != "0":
            time.sleep(_FIRST_SPEAKS_S)
        raise


@train.command("run", cls=_Run)
@click.argument("model", shell_complete=names_of("models"))
@click.argument("recipe", shell_complete=names_of("recipes"))
@click.option("--data", type=PATH, required=True, help="Corpus: what 'vocolab data prepare' made, or a raw folder.")
@click.option("--run", "run_folder", type=PATH, help="Folder of the run. Default: runs/RECIPE-SEED.")
@click.option("--from", "start", metavar="VOICE", help="Fine-tune: a voice's name or file, its weights to begin with.")
@click.option("--mels", type=PATH, help="Folder of predicted mels, NAME.npy after the clips, to train on.")
@force_option("given mels")
@click.option("--steps", type=click.IntRange(min=1), help="Replaces the recipe's number of steps.")
@click.option("--until", type=click.IntRange(min=1), help="Stop at this step; the schedule stays the recipe's.")
@mel_spec_option("The convention of the mels to train on; replaces the recipe's.")
@device_option
@click.option("--threads", type=click.IntRange(min=1), help="CPU threads; default: torch's.")
@pass_session
def run(  # noqa: PLR0913 - one parameter an option
    session: Session, /, model: str, recipe: str, data: Path, run_folder: Path | None, start: str | None,
    mels: Path | None, force: bool, steps: int | None, until: int | None, mel_spec: str | None, device: str | None,
    threads: int | None,
) -> None:
    """Train MODEL by RECIPE, a name or a file; a run that was stopped, however, goes on from its last checkpoint."""
    from vocolab.cli.training_progress import TrainingProgress
    from vocolab.training.recipe import read_recipe
    from vocolab.training.session import TrainingJob

    device = _prepare_torch(session.device(device), threads)
    factory = _factory(session.catalog, model)
    file = session.catalog.recipes.file_for(model, recipe)
    what = _with_convention(read_recipe(file, steps=steps), session, mel_spec)
    job = TrainingJob(
        model, factory, what, run_folder or Path("runs") / f"{Path(file.name).stem}-{what.seed}", device,
        start=_starting_point(session.catalog, start), mels=mels, force=force, teacher=_teacher(session.catalog, what),
        source=str(file),
    )
    try:
        with TrainingProgress(what.optimizer.steps, until=until, quiet=session.quiet) as progress:
            job.run(data, progress.say, progress.report, until=until, reach=progress.reach)
    except OptionError as error:
        owners = _owners(session.catalog, what) if error.has_unknown else []
        if owners:
            raise error.extended(f". Is this a recipe for {' or '.join(owners)}?") from error
        raise


def _prepare_torch(device: str, threads: int | None) -> str:
    """Set torch's threads, and find the device."""
    import torch

    from vocolab.networks.device import choose_device

    if threads:
        torch.set_num_threads(threads)
    return choose_device(device)


def _with_convention(recipe: Recipe, session: Session, mel_spec: str | None) -> Recipe:
    """The recipe with the convention of `--mel-spec`: by its name, or with the fields of its file."""
    spec = session.mel_spec(mel_spec)
    if spec is None:
        return recipe
    from vocolab.mels.conventions import SUFFIX

    assert mel_spec is not None
    stated = {name: value for name, value in spec.to_dict().items() if value is not None}
    return recipe.model_copy(update={"mel_spec": stated if mel_spec.endswith(SUFFIX) else mel_spec})


def _factory(catalog: Catalog, model: str) -> TrainableFactory:
    from vocolab.plugins.targets import load_target

    entry = catalog.models.get(model)
    if not entry.spec.trainer:
        raise CallError(f"{model} can't be trained; its plugin names no trainer")
    factory: TrainableFactory = load_target(entry, "trainer")
    return factory


def _owners(catalog: Catalog, recipe: Recipe) -> list[str]:
    """The models that a recipe's `[model]` may describe."""
    import torch

    from vocolab.plugins.targets import load_target

    spec, owners = recipe.convention(), list[str]()
    for entry in catalog.models.entries():
        if not entry.fact("trainer"):
            continue
        with suppress(Exception), torch.device("meta"):  # whatever a plugin says to a table that is not its own
            load_target(entry, "trainer")(dict(recipe.model), spec)
            owners.append(entry.name)
    return owners


def _starting_point(catalog: Catalog, name: str | None) -> StartingPoint | None:
    from vocolab.training.starting_point import StartingPoint

    return None if name is None else StartingPoint(name, catalog.voices.load(name))


def _teacher(catalog: Catalog, recipe: Recipe) -> Vocoder | None:
    """The teacher's vocoder as it renders by itself: no postfilter could be learned from mels alone."""
    if recipe.distill is None:
        return None
    from vocolab.rendering import open_vocoder

    return open_vocoder(catalog, voice=recipe.distill.voice, refine=0).vocoder
