"""Papers with Code's archived dumps: papers with abstracts, links between papers and code, evaluation tables.

Its methods and datasets are no papers: `kg.graph.known` reads them as names. What people entered there by hand stays in
`Paper.extra` (`tasks`, `methods`, `results`), a check on what is found in the texts.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from kg.errors import Location, RecordError
from kg.papers import arxiv_id
from kg.schema import Paper
from kg.sources import json_records
from kg.sources.files import TextFile
from kg.sources.records import as_list, as_mapping, paper_from_record

# Others' records have a field of that name, too.
_PAPER = re.compile(r'"paper_url"\s*:\s*"https?://(?:www\.)?paperswithcode\.com/')
_TABLE = re.compile(r'"dataset_(?:links|citations)"\s*:')
# The same paper in each of the dumps.
_NAMES = {"paper_title": "title", "paper_arxiv_id": "arxiv_id", "paper_url_abs": "url_abs", "paper_date": "date"}


def matches(head: str) -> bool:
    """Whether a text that begins so is one of the dumps."""
    return json_records.matches(head) and (_PAPER.search(head) or _TABLE.search(head)) is not None


def read(file: TextFile) -> Iterator[Paper | RecordError]:
    """Yields one paper a paper or link, and one for each paper in evaluation tables, which are read to their end first."""
    if _TABLE.search(file.head()):
        return _read_tables(file)
    return json_records.read_as(file, _paper)


def _paper(value: object, at: Location, source: str) -> Paper:
    if not isinstance(value, Mapping):
        raise RecordError(f"a {type(value).__name__}, not an object with fields", at=at, remedy="see the dump's own form")
    return _linked(value, at, source) if "repo_url" in value else _described(value, at, source)


def _described(record: Mapping[str, Any], at: Location, source: str) -> Paper:
    kept = ("arxiv_id", "title", "abstract", "authors", "date", "url_abs", "tasks", "reproduces_paper")
    # Under a name of its own the page's address is no link: the site is closed.
    fields = {name: record.get(name) for name in kept}
    fields["papers_with_code"] = record.get("paper_url")
    fields["venue"] = record.get("proceeding") or record.get("conference")
    fields["methods"] = [_method(as_mapping(method)) for method in as_list(record.get("methods"))]
    return paper_from_record(fields, at, source)


def _method(method: Mapping[str, Any]) -> dict[str, Any]:
    """A method's names and area, without its description."""
    area = _text(as_mapping(method.get("main_collection")), "area")
    named = {"name": _text(method, "name"), "full_name": _text(method, "full_name"), "area": area}
    return {name: text for name, text in named.items() if text}


def _linked(record: Mapping[str, Any], at: Location, source: str) -> Paper:
    """A repository is a paper's code where its authors say so; others' implementations are plain links."""
    own = record.get("is_official") or record.get("mentioned_in_paper")
    fields = {"code" if own else "url": record.get("repo_url")}
    return paper_from_record(fields | _identity(record), at, source)


def _identity(record: Mapping[str, Any]) -> dict[str, Any]:
    fields = {ours: record.get(theirs) for theirs, ours in _NAMES.items()}
    page = str(record.get("paper_url") or "")
    if "arxiv.org/" in page:
        return fields | {"arxiv_id": arxiv_id(page)}
    return fields | {"papers_with_code": page}


def _read_tables(file: TextFile) -> Iterator[Paper | RecordError]:
    papers: dict[str, tuple[dict[str, Any], int]] = {}
    for found in json_records.values(file):
        if isinstance(found, RecordError):
            yield found
            continue
        task, line = found
        nameless = 0
        for row, result in _rows(task):
            name = str(row.get("paper_url") or row.get("paper_title") or "")
            if not name:
                nameless += 1
                continue
            record, _ = papers.setdefault(name, (_identity(row) | {"results": [], "code": []}, line))
            record["results"].append(result)
            record["code"] += [url for url in _addresses(row) if url not in record["code"]]
        if nameless:
            reason = f"{nameless:,} results of {_text(as_mapping(task), 'task')!r} name no paper"
            yield RecordError(reason, at=file.at(line), remedy="nothing to do: they belong to no paper")
    for record, line in papers.values():
        try:
            yield paper_from_record(record, file.at(line), file.provenance(line))
        except RecordError as error:
            yield error


def _rows(task: object) -> Iterator[tuple[Mapping[str, Any], dict[str, Any]]]:
    """The rows of a task's tables and of its subtasks', and for each its results as we keep them."""
    tasks = [task]
    while tasks:
        current = as_mapping(tasks.pop(0))
        tasks += as_list(current.get("subtasks"))
        for table in map(as_mapping, as_list(current.get("datasets"))):
            for row in map(as_mapping, as_list(as_mapping(table.get("sota")).get("rows"))):
                for metric, value in as_mapping(row.get("metrics")).items():
                    named = {"task": _text(current, "task"), "dataset": _text(table, "dataset")}
                    yield row, named | {"method": _text(row, "model_name"), "metric": str(metric), "value": value}


def _addresses(row: Mapping[str, Any]) -> list[str]:
    return [url for link in as_list(row.get("code_links")) if (url := _text(as_mapping(link), "url"))]


def _text(fields: Mapping[str, Any], name: str) -> str:
    return str(fields.get(name) or "").strip()
