"""BibTeX and BibLaTeX, parsed by bibtexparser, which goes on behind a broken entry; LaTeX in it read by pylatexenc."""

import logging
import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import cache
from typing import TYPE_CHECKING

from kg.errors import Location, RecordError, SourceError
from kg.schema import Paper
from kg.sources.files import TextFile, check_decoded
from kg.sources.records import paper_from_record

if TYPE_CHECKING:
    from bibtexparser.model import Entry

_ENTRY = re.compile(r"^\s*@\w+[ \t]*[{(]", re.MULTILINE)
_LATEX = re.compile(r"[\\{}~$]|--|``|''")
# Addresses and identifiers are no prose: `~` and `--` stand for themselves.
_VERBATIM = ("url", "doi", "eprint", "file")
# BibLaTeX's names for BibTeX's fields, and BibTeX's for ours.
_FIELD_NAMES = {"journaltitle": "journal", "location": "address", "author": "authors"}


def matches(head: str) -> bool:
    """Whether an entry begins in a text's first 64 KiB, before anything else but comments."""
    return _ENTRY.search(head) is not None


def read(file: TextFile) -> Iterator[Paper | RecordError]:
    """Yields one paper an entry, a key or field given twice or not."""
    from bibtexparser.entrypoint import parse_string
    from bibtexparser.middlewares import RemoveEnclosingMiddleware, ResolveStringReferencesMiddleware
    from bibtexparser.model import Entry, ParsingFailedBlock

    logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)  # what it warns of is reported as an error of the record
    try:
        library = parse_string(file.text(), parse_stack=[ResolveStringReferencesMiddleware()])
    except (RecursionError, ValueError) as error:
        raise SourceError(f"not BibTeX: {error}", at=file.at(), remedy="mend the file") from None
    unquote = RemoveEnclosingMiddleware()
    for block in library.blocks:
        line = (block.start_line or 0) + 1
        if isinstance(block, ParsingFailedBlock) and block.ignore_error_block is None:
            reason = str(getattr(block.error, "abort_reason", block.error)).strip()
            yield RecordError(f"not BibTeX: {reason}", at=file.at(line), remedy="close the braces and quotes")
            continue
        entry = block.ignore_error_block if isinstance(block, ParsingFailedBlock) else block
        if not isinstance(entry, Entry):
            continue  # a comment, a preamble, an abbreviation
        try:
            check_decoded(block.raw or "", file.encoding, file.at(line))
            yield _paper(unquote.transform_entry(entry, library), file.at(line), file.provenance(line))
        except RecordError as error:
            yield error


def _paper(entry: "Entry", at: Location, source: str) -> Paper:
    record: dict[str, object] = {"entry_type": entry.entry_type, "key": entry.key}
    for field in entry.fields:
        name = field.key.lower()
        text = str(field.value)
        value = _names(text) if name == "author" else text.strip() if name in _VERBATIM else _plain(text)
        record.setdefault(_FIELD_NAMES.get(name, name), value)
    month = record.pop("month", None)
    if "date" not in record and "year" in record:
        record["date"] = " ".join(filter(None, [str(month or "")[:3], str(record.pop("year"))]))
    return paper_from_record(record, at, source)


def _names(text: str) -> list[str]:
    """The names in the order in which they are spoken, without `and others`."""
    from bibtexparser.middlewares.names import parse_single_name_into_parts, split_multiple_persons_names

    listed = split_multiple_persons_names(" ".join(text.split()))
    parts = [parse_single_name_into_parts(name, strict=False) for name in listed if name != "others"]
    return [_plain(" ".join([*name.first, *name.von, *name.last, *name.jr])) for name in parts]


def _plain(text: str) -> str:
    """What LaTeX would print, in one line; formulas stay as they are."""
    if _LATEX.search(text):
        # A bare % is a percent sign to those who write abstracts, not the begin of a comment.
        text = unicodedata.normalize("NFC", _decoder()(re.sub(r"(?<!\\)%", r"\\%", text)))
    return " ".join(text.split())


@cache
def _decoder() -> Callable[[str], str]:
    from pylatexenc import latexwalker
    from pylatexenc.latex2text import LatexNodes2Text, MacroTextSpec, get_default_latex_context_db

    logging.getLogger("pylatexenc").setLevel(logging.CRITICAL)  # it reads on where LaTeX would stop, and so do we
    macros = get_default_latex_context_db()
    macros.add_context_category("addresses", prepend=True, macros=[MacroTextSpec("url", simplify_repl="%s")])
    printed = LatexNodes2Text(latex_context=macros, math_mode="verbatim")
    # Given here, the macros' syntax is not put together again for each text.
    syntax = latexwalker.get_default_latex_context_db()
    return lambda text: str(printed.nodelist_to_text(latexwalker.LatexWalker(text, latex_context=syntax).get_latex_nodes()[0]))
