"""The commands ``course release``, ``course check`` and ``course progress``."""

from __future__ import annotations

from pathlib import Path

import click

from course_utils.errors import ExerciseError
from course_utils.language import gettext as _


@click.command()
@click.option("--check", is_flag=True, help="Change nothing; fail when something would change.")
@click.option("--out", type=click.Path(path_type=Path), help="Write a class's bundle here instead.")
@click.option("--repository", help="The bundle's own address on GitHub, for its Colab links.")
def release(check: bool, out: Path | None, repository: str | None) -> None:
    """Make the student notebooks from the solutions, or a bundle without them for a class."""
    from course_utils.exercises import release as made
    from course_utils.notebooks import checkout, links

    root = checkout()
    if out is not None:
        labels = made.bundle(root, out, (repository or links.repository(root)).rstrip("/"))
        click.echo(
            _("{count} notebooks are in {folder}, and no solution.").format(
                count=len(labels), folder=out
            )
        )
        return
    outdated = made.release(root, write=False) if check else made.refresh(root)
    names = ", ".join(outdated)
    if check and outdated:
        raise ExerciseError(_("{files} are out of date: run `course release`.").format(files=names))
    done = _("Student notebooks written: {files}.") if outdated else _("All are up to date.")
    click.echo(done.format(files=names))


@click.command()
@click.argument("notebook", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("-p", "given", nargs=2, multiple=True, help="A parameter: its name and its value.")
def check(notebook: Path, given: tuple[tuple[str, str], ...]) -> None:
    """Run an exercise from its first cell to its last, and show what its checks say.

    The parameters are those that `papermill --help-notebook NOTEBOOK` lists.
    """
    from course_utils.exercises.rehearse import rehearse

    found = rehearse(notebook, dict(given))
    for card in found.cards:
        click.echo(card)
    click.echo(
        _("Together: {earned} of {points} points").format(earned=found.earned, points=found.points)
    )
    if found.failure is not None:
        raise ExerciseError(_("A cell stopped the notebook: {error}").format(error=found.failure))


@click.command()
def progress() -> None:
    """Say which tasks you have done, with how many tries, and what comes next."""
    from course_utils.exercises.progress import page

    click.echo(page())
