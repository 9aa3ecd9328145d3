"""The command line: the verbs of the Python API, with progress, reports and exit statuses.

Exit status: 0 done, 1 finished with reported problems under --strict or a check that failed, 2 wrong usage or unusable input,
70 a mistake of the program itself, 130 stopped by Ctrl-C. What does the work is imported where it is used, so that
`kg --help` is quick.
"""

import os
import sys
from importlib import metadata
from pathlib import Path
from typing import Annotated

import typer

from kg.cli import ask, build, explore, extract, measure, plot, rdf, report
from kg.cli.command import Command, UsageError, name_variable
from kg.cli.report import log
from kg.errors import KgError

app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False)
_STOPPED = 130  # what shells report of a process that Ctrl-C ended; Typer returns it too
_OUR_MISTAKE = 70  # as BSD's sysexits.h numbers it

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
    app.command(cls=Command, context_settings={"auto_envvar_prefix": f"KG_{command.__name__.upper()}"})(command)


@app.callback(invoke_without_command=True)
def start(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
    verbose: Annotated[
        bool | None,
        typer.Option(
            "--verbose/--quiet",
            "-v/-q",
            envvar="KG_VERBOSE",
            help="Tell all that is done, or errors only.",
            show_default=False,
        ),
    ] = None,
    log_file: Annotated[
        Path | None,
        typer.Option(
            envvar="KG_LOG_FILE", metavar="FILE", help="Append all messages to a file, with times and the tracebacks of errors."
        ),
    ] = None,
    debug: Annotated[bool, typer.Option("--debug", envvar="KG_DEBUG", help="Print the traceback of an error.")] = False,
) -> None:
    """Build a knowledge graph of machine-learning papers from their titles and abstracts.

    \b
    Examples:
      kg build                        the bundled example, into exports/
      kg build page.txt -o out        a saved papers page
      kg build --help                 more
    """
    # The rest is for the commands, which take these options too (`kg.cli.command`).
    if version:
        print(f"paper-kg {metadata.version('paper-kg')}")
    elif context.invoked_subcommand is None:
        print(context.get_help())


def main() -> None:
    """Runs the command line; what goes wrong is one line, but for mistakes of ours."""
    report.start()
    try:
        status = app(standalone_mode=False)
    except UsageError as error:
        name_variable(error)
        status = _fail(error, error.format_message(), " (see kg --help)")  # type: ignore[attr-defined]
    except KgError as error:
        status = _fail(error, str(error))
    except (typer.Abort, KeyboardInterrupt):
        status = _STOPPED
    except BrokenPipeError:  # whoever read our standard output has seen enough, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = 0
    except Exception as error:
        log.critical("%r; this is a mistake in paper-kg, please report it", error, exc_info=error)
        status = _OUR_MISTAKE
    if status == _STOPPED:
        log.error("stopped; every file is whole, or as it was before")
    sys.exit(status or 0)


def _fail(error: Exception, message: str, remedy: str = "") -> int:
    notes = "".join(f", {note}" for note in getattr(error, "__notes__", ()))
    log.error("%s%s%s", message, notes, remedy, exc_info=error)
    return 2
