"""What a run tells: by `logging`, as lines on standard error and, on request, in a file."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from rich.console import Console

from kg.errors import KgError, Location

# Messages go to standard error, results to standard output.
messages = Console(stderr=True, soft_wrap=True, highlight=False, emoji=False)
log = logging.getLogger("kg")


class _Lines(logging.Handler):
    """Prints messages above a progress bar; rich's own handler would break long lines, as it sets them in a table."""

    def emit(self, record: logging.LogRecord) -> None:
        messages.print(self.format(record), markup=False, style="dim" if record.levelno < logging.INFO else None)


class _OneLine(logging.Formatter):
    """An error is one line: its traceback is left out, unless the mistake is ours."""

    def format(self, record: logging.LogRecord) -> str:
        line = f"kg: {record.getMessage()}" if record.levelno >= logging.ERROR else record.getMessage()
        return f"{line}\n{self.formatException(record.exc_info)}" if self._shown(record) and record.exc_info else line

    def _shown(self, record: logging.LogRecord) -> bool:
        return record.levelno >= logging.CRITICAL


class _Traced(_OneLine):
    def _shown(self, record: logging.LogRecord) -> bool:
        return True


def start(*, verbose: bool | None = None, log_file: Path | None = None, debug: bool = False) -> None:
    """Says where messages go from now on.

    Args:
        verbose: True for all that is done, False for errors only, None for what most want to know.
        log_file: A file to which all messages are appended, with their times and the tracebacks of errors.
        debug: Whether an error is printed with its traceback.

    Raises:
        KgError: The file can't be written.
    """
    for handler in list(log.handlers):
        log.removeHandler(handler)
        handler.close()
    lines = _Lines({True: logging.DEBUG, False: logging.ERROR, None: logging.INFO}[verbose])
    lines.setFormatter(_Traced() if debug else _OneLine())
    log.addHandler(lines)
    log.setLevel(lines.level)
    if log_file:
        try:
            file = logging.FileHandler(log_file, encoding="utf-8", errors="backslashreplace")
        except OSError as error:
            raise KgError(f"can't be written: {error.strerror}", at=Location(str(log_file)), remedy="check the path") from None
        file.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
        log.addHandler(file)
        log.setLevel(logging.DEBUG)


def animated() -> bool:
    """Whether a progress bar is wanted: on a terminal, unless only errors are."""
    return messages.is_terminal and any(isinstance(one, _Lines) and one.level <= logging.INFO for one in log.handlers)


@contextmanager
def step(name: str) -> Iterator[None]:
    """Shows on a terminal that a step is under way, and says when it is done how long it took."""
    started = time.monotonic()
    with messages.status(name) if animated() else nullcontext():
        yield
    log.debug("%s took %.1f s", name, time.monotonic() - started)
