"""The command line: the verbs of the Python API, with progress, reports and exit statuses.

Exit status: 0 done, 1 finished with reported problems under --strict or a check that failed, 2 wrong usage or unusable input,
130 stopped by Ctrl-C. What does the work is imported where it is used, so that `kg --help` is quick.
"""

import os
import sys
from importlib.metadata import version
from typing import Annotated

import typer

from kg.cli import ask, build, explore, extract, measure, plot, rdf
from kg.cli.shared import messages
from kg.errors import KgError

app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
_STOPPED = 130  # what shells report of a process that Ctrl-C ended; Typer returns it too
# Typer exports no other name for the base of its usage errors.
_UsageError: type[Exception] = typer.BadParameter.__mro__[1]

for command in (
    build.build,
    build.add,
    build.forget,
    extract.extract,
    explore.show,
    explore.stats,
    plot.plot,
    ask.query,
    ask.diff,
    rdf.validate,
    measure.evaluate,
    measure.train,
    measure.info,
):
    app.command()(command)


@app.callback(invoke_without_command=True)
def start(
    context: typer.Context, show_version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False
) -> None:
    """Build a knowledge graph of machine-learning papers from their titles and abstracts.

    \b
    Examples:
      kg build                        the bundled example, into exports/
      kg build page.txt -o out        a saved papers page
      kg build --help                 more
    """
    if show_version:
        print(f"paper-kg {version('paper-kg')}")
    elif context.invoked_subcommand is None:
        print(context.get_help())


def main() -> None:
    """Runs the command line; what goes wrong is one line, never a traceback."""
    try:
        status = app(standalone_mode=False)
    except _UsageError as error:
        status = _fail(
            error.format_message()  # type: ignore[attr-defined]
            + " (see kg --help)"
        )
    except KgError as error:
        status = _fail(str(error))
    except (typer.Abort, KeyboardInterrupt):
        status = _STOPPED
    except BrokenPipeError:  # whoever read our standard output has seen enough, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = 0
    if status == _STOPPED:
        messages.print("kg: stopped; every file is whole, or as it was before", markup=False)
    sys.exit(status or 0)


def _fail(message: str) -> int:
    messages.print(f"kg: {message}", markup=False)
    return 2
