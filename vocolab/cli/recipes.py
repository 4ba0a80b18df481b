"""`vocolab recipes`: what voices are trained by, and the file of one, to be copied and changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from vocolab.cli.parameters import json_option
from vocolab.cli.session import Session, pass_session, print_json
from vocolab.cli.short_form import names_of
from vocolab.cli.table import table
from vocolab.errors import CallError, VocolabError

if TYPE_CHECKING:
    from vocolab.catalog.recipes import RecipeFile
    from vocolab.plugins.host import Entry
    from vocolab.training.recipe import Recipe

_HEADER = ("recipe", "model", "mels", "steps", "")


@click.command(epilog="'vocolab recipes NAME > mine.toml' copies one; 'vocolab train VOCODER NAME' trains by it.")
@click.argument("name", required=False, shell_complete=names_of("recipes"))
@json_option
@pass_session
def recipes(session: Session, name: str | None, as_json: bool) -> None:
    """List training recipes; with NAME, print one as the TOML file that it is."""
    registry = session.catalog.recipes
    if name and as_json:
        print_json(_detail(name, registry.get(name)))
    elif name:
        click.echo(_content(registry.get(name)), nl=False)
    else:
        facts = [_facts_or_problem(known, registry.get(known)) for known in registry.names()]
        if as_json:
            print_json(facts)
        else:
            click.echo(table([_row(one) for one in facts], _HEADER) if facts else "no recipes are installed")
    session.warn_of_broken_plugins()


def _row(facts: dict[str, Any]) -> tuple[str, ...]:
    if "error" in facts:
        return facts["name"], facts["model"], "", "", f"can't be used: {facts['error']}"
    return facts["name"], facts["model"], facts["mel_spec"], str(facts["steps"]), facts["summary"]


def _facts_or_problem(name: str, entry: Entry[RecipeFile]) -> dict[str, Any]:
    """What the list says of a recipe; one that can't be read costs only itself."""
    from vocolab.training.recipe import read_recipe

    try:
        return _facts(name, entry, read_recipe(entry.spec.file))
    except VocolabError as error:
        return _origin(name, entry) | {"error": str(error)}


def _detail(name: str, entry: Entry[RecipeFile]) -> dict[str, Any]:
    """A recipe with all its keys, those that it leaves out too."""
    from vocolab.training.recipe import read_recipe

    recipe = read_recipe(entry.spec.file)
    return _facts(name, entry, recipe) | {"recipe": recipe.model_dump(mode="json")}


def _facts(name: str, entry: Entry[RecipeFile], recipe: Recipe) -> dict[str, Any]:
    return _origin(name, entry) | {
        "mel_spec": _convention(recipe), "steps": recipe.optimizer.steps, "summary": recipe.summary,
    }


def _convention(recipe: Recipe) -> str:
    from vocolab.mels.conventions import spelled

    return recipe.mel_spec if isinstance(recipe.mel_spec, str) else spelled(recipe.convention())


def _origin(name: str, entry: Entry[RecipeFile]) -> dict[str, Any]:
    return {"name": name, "model": entry.spec.model, "dist": entry.dist, "version": entry.version}


def _content(entry: Entry[RecipeFile]) -> bytes:
    """The file byte by byte, whatever the terminal's encoding: what is copied is the same recipe."""
    try:
        return entry.spec.file.read_bytes()
    except OSError as error:
        raise CallError(f"the recipe can't be read: {error.strerror}", about=entry.spec.file) from error
