"""JSON: one object a line (JSON Lines), an array of objects, or objects printed over several lines."""

import json
import re
from collections.abc import Callable, Iterator

from kg.errors import Location, RecordError
from kg.schema import Paper
from kg.sources.files import MAX_RECORD_CHARS, Line, TextFile, check_decoded
from kg.sources.records import paper_from_record

# A value and the line that it begins in.
Value = tuple[object, int]

_GAP = re.compile(r"[\s,\[\]]*")
_CHUNK_CHARS = 256 * 1024
_REMEDY = "see whether the line was cut or quotes are missing"


def matches(head: str) -> bool:
    """Whether a text that begins so is JSON."""
    return head.lstrip().startswith(("{", "["))


def read(file: TextFile) -> Iterator[Paper | RecordError]:
    """Yields one paper an object; an object that can't be read is an error of its own."""
    return read_as(file, paper_from_record)


def read_as(file: TextFile, to_paper: Callable[[object, Location, str], Paper]) -> Iterator[Paper | RecordError]:
    """Yields a paper for each value, made by a function of the value, its place, and that place as kept in the paper."""
    for found in values(file):
        if isinstance(found, RecordError):
            yield found
            continue
        value, line = found
        try:
            yield to_paper(value, file.at(line), file.provenance(line))
        except RecordError as error:
            yield error


def values(file: TextFile) -> Iterator[Value | RecordError]:
    """Yields the values of a file, those of arrays one by one; what is no JSON is an error."""
    head = file.head().lstrip()
    if head.startswith("[") or head.partition("\n")[0].strip() == "{":
        yield from _streamed(file)
        return
    for line in file.lines():
        if line.raw.strip():
            yield _line_value(line)


def _line_value(line: Line) -> Value | RecordError:
    try:
        return json.loads(line.text), line.at.line or 0
    except RecordError as error:
        return error
    except (ValueError, RecursionError) as error:
        reason = f"{error.msg} at column {error.colno}" if isinstance(error, json.JSONDecodeError) else str(error)
        return RecordError(f"not JSON: {reason}", at=line.at, remedy=_REMEDY)


def _streamed(file: TextFile) -> Iterator[Value | RecordError]:
    """Reads values wherever lines end, in an array or without one, with no more of the file in memory than a few of them."""
    decoder = json.JSONDecoder()
    text, start, line = "", 0, 1
    with file.characters() as stream:
        while True:
            value_start = _GAP.match(text, start).end()  # type: ignore[union-attr]  # it matches nothing, too
            line += text.count("\n", start, value_start)
            start = value_start
            try:
                value, end = decoder.raw_decode(text, start)
                failed = None
            except (ValueError, RecursionError) as error:
                value, end, failed = None, len(text), error
            if end == len(text) and len(text) - start <= MAX_RECORD_CHARS and (more := stream.read(_CHUNK_CHARS + end - start)):
                text, start = text[start:] + more, 0
            elif start == len(text):
                return
            elif failed:
                yield _not_json(file, failed, text, start, line)
                return
            else:
                yield _decoded(file, value, text[start:end], line)
                line += text.count("\n", start, end)
                start = end


def _decoded(file: TextFile, value: object, text: str, line: int) -> Value | RecordError:
    try:
        check_decoded(text, file.encoding, file.at(line))
    except RecordError as error:
        return error
    return value, line


def _not_json(file: TextFile, error: Exception, text: str, start: int, line: int) -> RecordError:
    if isinstance(error, json.JSONDecodeError):
        line += text.count("\n", start, error.pos)
        reason = error.msg
    else:
        reason = str(error)
    return RecordError(f"not JSON: {reason}; nothing is read from here on", at=file.at(line), remedy=_REMEDY)
