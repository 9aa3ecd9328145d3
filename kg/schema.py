"""The shared words: what is read (`Paper`), what is found in it (`Extraction`), and what a graph is made of."""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, Self

# Longer texts are no titles and abstracts; it is also what spaCy takes at most.
MAX_TEXT_CHARS = 1_000_000

# The schemes of paper ids, the strongest first.
SCHEMES = ("arxiv", "doi", "paper")

# What one compressed file may unpack to, in bytes, and how many papers a service is asked for, unless the user says otherwise.
MAX_UNPACKED = 8_000_000_000
MAX_ASKED = 1000

# What the IRIs of exported data begin with, unless the user has a base of their own (`.example`: RFC 2606).
BASE_IRI = "https://paper-kg.example/id/"

_DATE = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?")


class Label(StrEnum):
    """What a mention names."""

    METHOD = "METHOD"
    DATASET = "DATASET"
    TASK = "TASK"
    METRIC = "METRIC"


class Role(StrEnum):
    """What a paper does with a method or a dataset it names, the strongest first."""

    PROPOSED = "proposed"
    INTRODUCED = "introduced"
    COMPARED = "compared"
    USED = "used"
    MENTIONED = "mentioned"


class LinkRole(StrEnum):
    """What lies behind a web address."""

    CODE = "code"
    DATA = "data"
    MODEL = "model"
    PROJECT = "project"
    OTHER = "other"


class Kind(StrEnum):
    """The kinds of nodes."""

    PAPER = "paper"
    METHOD = "method"
    DATASET = "dataset"
    TASK = "task"
    METRIC = "metric"
    RESULT = "result"
    URL = "url"
    AUTHOR = "author"
    VENUE = "venue"
    ORGANIZATION = "organization"


class Relation(StrEnum):
    """The relations an edge can stand for; the value is also the edge's key."""

    PROPOSES = "proposes"
    INTRODUCES = "introduces"
    USES = "uses"
    COMPARES_WITH = "compares_with"
    MENTIONS = "mentions"
    ADDRESSES = "addresses"
    REPORTS = "reports"
    HAS_CODE = "has_code"
    HAS_DATA = "has_data"
    HAS_MODEL = "has_model"
    HAS_PAGE = "has_page"
    LINKS_TO = "links_to"
    WRITTEN_BY = "written_by"
    PUBLISHED_IN = "published_in"
    AFFILIATED_WITH = "affiliated_with"
    OF_METHOD = "of_method"
    ON_DATASET = "on_dataset"
    IN_METRIC = "in_metric"
    EVALUATED_ON = "evaluated_on"
    APPLIED_TO = "applied_to"
    BUILDS_ON = "builds_on"
    MEASURED_AGAINST = "measured_against"
    VARIANT_OF = "variant_of"


class Quotes(StrEnum):
    """How much of a text RDF quotes for each mention."""

    MENTION = "mention"
    NONE = "none"
    SENTENCE = "sentence"


class EvidenceLevel(StrEnum):
    """How much of the evidence RDF holds: none, an assertion for each edge, or each place in a text as well."""

    NONE = "none"
    EDGES = "edges"
    MENTIONS = "mentions"


@dataclass(frozen=True, slots=True)
class Content:
    """How much of a graph RDF holds; `license` is the IRI of the data's licence, which only its owner can state."""

    evidence: EvidenceLevel = EvidenceLevel.MENTIONS
    quotes: Quotes = Quotes.MENTION
    abstracts: bool = False
    license: str | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """A web address in canonical form; `start` and `end` are the offsets of its raw string, None in metadata."""

    url: str
    role: LinkRole
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True)
class Paper:
    """A title and an abstract, and what else its source tells.

    `published` is an ISO 8601 date of the precision known: `2017`, `2017-06` or `2017-06-12`.
    `source` says where it was read, `extra` keeps the fields that have no place of their own.
    Make one with `kg.make_paper`, which cleans the texts and finds the id.
    """

    id: str
    title: str
    abstract: str = ""
    authors: tuple[str, ...] = ()
    published: str | None = None
    venue: str | None = None
    organization: str | None = None
    upvotes: int | None = None
    links: tuple[Link, ...] = ()
    source: str | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        scheme, _, name = self.id.partition(":")
        if scheme not in SCHEMES or not name:
            raise ValueError(f"id {self.id!r} does not begin with one of {SCHEMES} and a colon")
        if self.published and not _DATE.fullmatch(self.published):
            raise ValueError(f"published {self.published!r} is not a year, month or day of ISO 8601")

    @property
    def text(self) -> str:
        """The analysed text: all offsets count its code points."""
        return f"{self.title}\n{self.abstract}"


@dataclass(frozen=True, slots=True)
class Mention:
    """A name at its place in a paper's text; `role` for methods and datasets only, `score` in 0…1 or None."""

    text: str
    label: Label
    start: int
    end: int
    role: Role | None = None
    score: float | None = None


@dataclass(frozen=True, slots=True)
class Abbreviation:
    """A short form and the long form that a paper defines it by."""

    short: str
    long: str


@dataclass(frozen=True, slots=True)
class Result:
    """A number that a paper states for a metric; method, dataset and metric as spelled in its mentions.

    `value` is as printed, without the percent sign; `start` and `end` are its offsets.
    """

    method: str | None
    dataset: str | None
    metric: str
    value: str
    number: float
    percent: bool
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Extraction:
    """Everything found in one paper, in the order of the text."""

    paper: Paper
    mentions: tuple[Mention, ...] = ()
    abbreviations: tuple[Abbreviation, ...] = ()
    links: tuple[Link, ...] = ()
    results: tuple[Result, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceFile:
    """What papers were read from: its name without folders, and the SHA-256 of its bytes where they were at hand."""

    name: str
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Model:
    """Which model read the texts; `sha256` is of the files of its folder, None where it has none."""

    name: str
    version: str
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """How a graph came about; graphs carry it as `graph.graph["run"]`, a mapping as `as_dict` gives it.

    Attributes:
        version: The version of paper-kg.
        papers: The SHA-256 of the papers in the graph, by which runs on other papers differ.
        model: The model that read them, None where extractions were given.
        sources: What was read, sorted.
        parameters: The settings that change the content, where they are not the default.
        started: When the run began and ended, ISO 8601; None unless the user asks, for the same input gives the same bytes.
    """

    version: str
    papers: str
    model: Model | None = None
    sources: tuple[SourceFile, ...] = ()
    parameters: Mapping[str, str] = field(default_factory=dict)
    started: str | None = None
    ended: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """This run as plain JSON."""
        data: dict[str, Any] = json.loads(json.dumps(asdict(self)))
        return data

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """The run that `as_dict` wrote."""
        model = Model(**data["model"]) if data["model"] else None
        return cls(**{**data, "model": model, "sources": tuple(SourceFile(**source) for source in data["sources"])})
