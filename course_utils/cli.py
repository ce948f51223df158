"""The command ``course``: what a reader, an author or CI runs from a terminal.

Every error of the course becomes one sentence on standard error, and exit code 1.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from io import TextIOWrapper
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click

from course_utils.errors import CourseError, NotebookError, RecordingError
from course_utils.exercises import commands
from course_utils.grading.command import grade
from course_utils.language import gettext as _


class _Course(click.Group):
    def main(self, *args: Any, **kwargs: Any) -> Any:
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, TextIOWrapper):  # a console's code page may lack a character
                stream.reconfigure(errors="replace")
        return super().main(*args, **kwargs)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except CourseError as error:
            raise click.ClickException(str(error)) from error
        except ModuleNotFoundError as error:
            if str(error.name).startswith("course_utils"):
                raise
            words = _(
                "This command needs {name}, which is not installed. In the course's folder: "
                'pip install -e ".[lab]" -c constraints.txt'
            )
            raise click.ClickException(words.format(name=error.name)) from error


@click.group(cls=_Course)
@click.version_option(package_name="chat-completions-course")
def main() -> None:
    """The course on the OpenAI Chat Completions API. 채팅 완성 API 강의."""


@main.command(context_settings={"ignore_unknown_options": True})
@click.argument("jupyter_args", nargs=-1, type=click.UNPROCESSED)
def lab(jupyter_args: tuple[str, ...]) -> None:
    """Open the lessons in JupyterLab, which gets the arguments (such as --port 9000)."""
    from course_utils.notebooks import checkout

    root = checkout()
    from jupyterlab.labapp import LabApp

    options = ["--log-level=WARN", f"--ServerApp.root_dir={root / 'notebooks'}"]
    if getattr(os, "geteuid", lambda: 1)() == 0:
        options.append("--allow-root")
    if not _screen():
        options.append("--no-browser")
        click.echo(_("There is no screen here: open the address below in a browser."))
    click.echo(_("Ctrl-C, twice, ends JupyterLab."))
    LabApp.launch_instance([*options, *jupyter_args])


def _screen() -> bool:
    """Whether a browser could open a window: Windows and macOS always have a screen."""
    has_display = "DISPLAY" in os.environ or "WAYLAND_DISPLAY" in os.environ
    return sys.platform in ("win32", "darwin") or has_display


_jobs = click.option(
    "--jobs",
    "-j",
    type=click.IntRange(1),
    default=os.cpu_count() or 1,
    help="Lessons to run at once, instead of one a processor.",
)


@main.command()
@click.argument("names", nargs=-1)
@click.option("--out", type=click.Path(path_type=Path), help="Folder, instead of build/.")
@_jobs
def lessons(names: tuple[str, ...], out: Path | None, jobs: int) -> None:
    """Run every lesson, or those NAMES match (03, ko/), into build/: notebooks and HTML pages.

    The practice server answers, unless COURSE_SERVER names another: openai, or an address.
    """
    from course_utils.notebooks import checkout, run
    from course_utils.notebooks import lessons as find

    root = checkout()
    if "COURSE_SERVER" not in os.environ:
        run.practice_only()
    found, folder = find(root, names), out or root / "build"
    run.make_folder(folder)
    run.save_page(root / "notebooks" / "glossary.ipynb", folder)
    outcomes = run.side_by_side(partial(run.build, folder=folder), found, jobs)
    click.echo(_("The notebooks and pages are in {folder}.").format(folder=folder))
    _raise_all(outcomes)


@main.command()
@click.argument("names", nargs=-1)
@_jobs
def notebooks(names: tuple[str, ...], jobs: int) -> None:
    """Run every lesson and solution, or those NAMES match, and store the outputs (for authors).

    The practice server answers. A lesson that fails stays as it was.
    """
    from course_utils.exercises import release
    from course_utils.notebooks import checkout, run, solutions
    from course_utils.notebooks import lessons as find

    root = checkout()
    run.practice_only()
    solved = solutions(root, names)
    wanted = solved if names and "solutions" in names[0] else [*find(root, names), *solved]
    outcomes = run.side_by_side(run.refresh, wanted, jobs)
    for lesson, changed in zip(wanted, outcomes, strict=True):
        if isinstance(changed, bool):
            state = _("stored") if changed else _("unchanged")
            click.echo(f"{lesson.label}: {state}")
    release.refresh(root)  # the links as well: what a lesson costs is read off its outputs
    _raise_all(outcomes)


def _raise_all(outcomes: Sequence[object]) -> None:
    """Raise one error that holds the sentences of all that are among ``outcomes``."""
    if failed := [str(outcome) for outcome in outcomes if isinstance(outcome, NotebookError)]:
        raise NotebookError("\n".join(failed))


@main.command("new-lesson")
@click.argument("name")
@click.option("--ko", "korean", required=True, help="The title in Korean.")
@click.option("--en", "english", required=True, help="The title in English.")
def new_lesson(name: str, korean: str, english: str) -> None:
    """Start a lesson, such as 11_images, in the right shape in both languages (for authors)."""
    from course_utils.notebooks import checkout, links, new

    root = checkout()
    made = new.start(root, name, {"ko": korean, "en": english})
    links.update(root, write=True)
    for lesson in made:
        click.echo(f"{lesson.label}: {lesson.path.relative_to(root)}")
    click.echo(_("Now write, then run `course notebooks {number}`.").format(number=name[:2]))


@main.command()
@click.option("--check", is_flag=True, help="Change nothing; fail when something would change.")
def links(check: bool) -> None:
    """Generate the badges, links and install lines of the lessons (for authors)."""
    from course_utils.notebooks import checkout
    from course_utils.notebooks import links as generated

    outdated = generated.update(checkout(), write=not check)
    labels = ", ".join(outdated)
    if check and outdated:
        raise NotebookError(
            _("Links are out of date in {files}: run `course links`.").format(files=labels)
        )
    done = _("Links written in {files}.") if outdated else _("Links are up to date.")
    click.echo(done.format(files=labels))


@main.command()
def cost() -> None:
    """Say what each lesson costs on the real API, and the whole course in each language.

    It is read off the last run of each lesson (make notebooks): list prices, default model.
    """
    from course_utils.notebooks import bill, checkout, read
    from course_utils.notebooks import lessons as find

    found = find(checkout())
    for lesson in found:
        amount = bill.spent(read(lesson.path))
        told = _("not known: run it first") if amount is None else f"${amount:.6f}"
        click.echo(f"{lesson.label:24} {told}")
    for language, total in bill.totals(found).items():
        click.echo(f"{language:24} ${total:.6f}")


_port = click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    help="Port on 127.0.0.1; 0: a free one.",
)


@main.command()
@_port
@click.option(
    "--replay",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Answer from a recording where it has the request.",
)
def practice(port: int, replay: Path | None) -> None:
    """Run the practice server alone, for curl or any other client."""
    from course_utils.practice import KEY, PracticeServer
    from course_utils.practice.recording import Replayer

    server = PracticeServer(port, source=Replayer(replay) if replay else None)
    click.echo(
        _(
            "The practice server answers at {url} (key {key}). It is not a model, and costs "
            "nothing. Ctrl-C ends it. Try it from another terminal:"
        ).format(url=server.url, key=KEY)
    )
    click.echo(f"\n  curl {server.url}/models -H 'Authorization: Bearer {KEY}'\n")
    with suppress(KeyboardInterrupt):
        server.serve_forever()


@main.command()
@_port
@click.option("--out", default="recording.jsonl", type=click.Path(path_type=Path), help="File.")
def record(port: int, out: Path) -> None:
    """Pass requests on to the real API, and keep its replies for `course practice --replay`.

    The key and the address are found as connect() finds them; neither is written to the file. What
    it may spend in all is COURSE_CAP: 1 dollar unless set, "none" for no cap.
    """
    from course_utils.meter import AsyncMeteredClient, Meter
    from course_utils.practice import KEY, PracticeServer
    from course_utils.practice.recording import Recorder
    from course_utils.servers import choose, is_loopback

    real = choose(None, None, None, {})
    if real.practice:
        raise RecordingError(
            _("There is no key to record with: set OPENAI_API_KEY, or put it into .env.")
        )
    meter = Meter()
    meter.budget.cap  # noqa: B018  (a COURSE_CAP that is no amount is told here, not at a call)
    http = AsyncMeteredClient(meter, timeout=600, trust_env=not is_loopback(real.url))
    recorder = Recorder(out, base_url=real.url, key=real.key, http=http)
    server = PracticeServer(port, source=recorder)
    click.echo(
        _(
            "Requests to {url} (key {key}) go to {host}, at your cost; the replies are kept in "
            "{file}. Ctrl-C ends it."
        ).format(url=server.url, key=KEY, host=urlsplit(real.url).hostname, file=out.name)
    )
    with suppress(KeyboardInterrupt):
        server.serve_forever()


@main.command()
def doctor() -> None:
    """Say what in the course has gone stale, or does not fit what is installed."""
    from course_utils.doctor import check

    findings = check()
    for finding in findings:
        click.echo(f"{finding.severity:8} {finding.sentence}")
    if any(finding.severity == "error" for finding in findings):
        click.get_current_context().exit(1)


main.add_command(commands.check)
main.add_command(commands.progress)
main.add_command(commands.release)
main.add_command(grade)
