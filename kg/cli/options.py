"""Options that several commands share, in groups: a command takes a group, its user the options of the group one by one.

A shared option is one environment variable for all commands (`KG_FORMAT`); one of a single command bears the name of that
(`KG_QUERY_FORMAT`).
"""

import inspect
from collections.abc import Callable
from dataclasses import MISSING, dataclass, fields, is_dataclass
from enum import StrEnum
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_type_hints

import typer

from kg.schema import BASE_IRI, MAX_ASKED, MAX_UNPACKED, EvidenceLevel, Quotes

if TYPE_CHECKING:
    from kg.graph.resolve import AbbreviationRules

Sources = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[SOURCE]...",
        help="Files, folders, patterns, web addresses, - for standard input, SERVICE:QUERY; without one, the bundled example.",
    ),
]
Jobs = Annotated[
    int | None,
    typer.Option(
        "--jobs", "-j", envvar="KG_JOBS", min=1, show_default="usable cores", help="Processes that share the extraction."
    ),
]


class Format(StrEnum):
    """The files that a graph is written to."""

    TTL = "ttl"
    NT = "nt"
    NQ = "nq"
    TRIG = "trig"
    JSONLD = "jsonld"
    RDF = "rdf"
    HTML = "html"
    JSON = "json"
    GRAPHML = "graphml"
    GEXF = "gexf"
    CSV = "csv"


def _remembered(context: typer.Context, store: Path | None) -> Path | None:
    """Options that a command on a collection is not given are those of the run before that it remembers."""
    from kg.store import remembered

    context.default_map = remembered(store or store_of(context.params["output"]))
    return store


def store_of(output: Path) -> Path:
    """The store of a folder of exports."""
    return output / "kg.sqlite"


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a run writes, and what it remembers."""

    output: Annotated[Path, typer.Option("--output", "-o", help="Folder for the files written.")] = Path("exports")
    store: Annotated[
        Path | None, typer.Option(help="File that keeps papers and what was extracted. [default: kg.sqlite in the folder]")
    ] = None


@dataclass(frozen=True, kw_only=True)
class Kept(Place):
    """The place of a collection that is there already."""

    output: Annotated[Path, typer.Option("--output", "-o", is_eager=True, help="Folder of the collection.")] = Path("exports")
    store: Annotated[
        Path | None,
        typer.Option(is_eager=True, callback=_remembered, help="File of the collection. [default: kg.sqlite in the folder]"),
    ] = None


@dataclass(frozen=True, kw_only=True)
class Reading:
    """How sources are read."""

    year: Annotated[
        int | None,
        typer.Option(min=1991, max=2100, help="Year in which a papers page was saved, if not the one told by its dates."),
    ] = None
    encoding: Annotated[
        str | None, typer.Option(metavar="NAME", help="Encoding of all files, if not the one that each shows.")
    ] = None
    max_unpacked: Annotated[float, typer.Option(metavar="GB", min=0, help="What one compressed file may unpack to.")] = (
        MAX_UNPACKED / 1e9
    )
    limit: Annotated[int, typer.Option(metavar="N", min=1, help="Papers that a service is asked for at most.")] = MAX_ASKED
    email: Annotated[str | None, typer.Option(help="Your address, for services that want one.")] = None
    strict: Annotated[bool, typer.Option("--strict", help="End with status 1 if anything was skipped.")] = False


@dataclass(frozen=True, kw_only=True)
class Recognizing:
    """Which pipeline reads the texts."""

    model: Annotated[
        str | None, typer.Option(metavar="NAME_OR_PATH", help="A spaCy pipeline that recognizes entities, instead of ours.")
    ] = None
    model_labels: Annotated[
        str, typer.Option(metavar="THEIRS=OURS,…", help="Labels of that pipeline and ours, if they differ.")
    ] = ""
    min_score: Annotated[
        float | None, typer.Option(min=0, max=1, help="Leave out names that are less sure: more precision, less recall.")
    ] = None


@dataclass(frozen=True, kw_only=True)
class Naming:
    """Which names are one entity."""

    known: Annotated[
        list[Path] | None, typer.Option(help="CSV of names to know beyond ours, or an archived list; may be given again.")
    ] = None
    corrections: Annotated[Path | None, typer.Option(help="CSV of corrections: merge, split, rename, relabel, reject.")] = None
    abbreviation_share: Annotated[float, typer.Option(min=0.5, max=1, help="Share of papers that must agree on a meaning.")] = (
        0.75
    )
    abbreviation_papers: Annotated[int, typer.Option(min=1, help="Papers that must define an abbreviation for the others.")] = 1

    def rules(self) -> "AbbreviationRules":
        """When an abbreviation that a paper does not define is that of others."""
        from kg.graph.resolve import AbbreviationRules

        return AbbreviationRules(share=self.abbreviation_share, papers=self.abbreviation_papers)

    def parameters(self) -> dict[str, str]:
        """What is set here otherwise than by default, as the graph's description tells it."""
        from kg.pipeline import naming_parameters

        return naming_parameters(self.known or (), self.corrections, self.rules())


@dataclass(frozen=True, kw_only=True)
class Writing:
    """Which files are written, and what they hold."""

    format: Annotated[str, typer.Option(help=f"Any of {', '.join(Format)}, joined by commas.")] = "ttl,html,json"
    base_iri: Annotated[str, typer.Option(help="What the IRIs of the RDF begin with.")] = BASE_IRI
    title: Annotated[str, typer.Option(help="Heading of the HTML page.")] = "Knowledge graph of papers"
    max_nodes: Annotated[int, typer.Option(min=1, help="Nodes drawn in the HTML page, the best connected.")] = 1500
    evidence: Annotated[
        EvidenceLevel, typer.Option(help="Evidence in RDF: each place in a text, one assertion an edge, or none.")
    ] = EvidenceLevel.MENTIONS
    quotes: Annotated[
        Quotes | None,
        typer.Option(
            help="What is quoted as evidence. By default the mention in RDF, its sentence in the page.", show_default=False
        ),
    ] = None
    with_abstracts: Annotated[
        bool, typer.Option("--with-abstracts", help="Put the abstracts into RDF; their rights are the authors'.")
    ] = False
    license: Annotated[
        str | None, typer.Option(metavar="IRI", help="Licence of the data, if you state one in RDF, by its address.")
    ] = None
    timestamps: Annotated[
        bool, typer.Option("--timestamps", help="Note when the run began and ended; no two outputs are the same then.")
    ] = False


class Engine(StrEnum):
    """What runs the job."""

    LOCAL = "local"
    SPARK = "spark"


@dataclass(frozen=True, kw_only=True)
class Machines:
    """Where the job runs."""

    engine: Annotated[Engine, typer.Option(help="This machine, or a cluster: Parquet tables and N-Triples.")] = Engine.LOCAL
    master: Annotated[
        str | None, typer.Option(metavar="spark://HOST:PORT", help="Spark's master, if its own settings don't name one.")
    ] = None


def grouped(command: Callable[..., None]) -> Callable[..., None]:
    """A command whose parameters that are groups of options are given by the options in them, as Typer wants it."""
    groups: dict[str, type[Any]] = {}
    flat: list[inspect.Parameter] = []
    for parameter in inspect.signature(command, eval_str=True).parameters.values():
        group = parameter.annotation
        if is_dataclass(group) and isinstance(group, type):
            groups[parameter.name] = group
            flat += _options(group)
        else:
            flat.append(parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY))

    @wraps(command)
    def run(**given: Any) -> None:
        for name, group in groups.items():
            given[name] = group(**{option.name: given.pop(option.name) for option in fields(group)})
        command(**given)

    run.__signature__ = inspect.Signature(flat)  # type: ignore[attr-defined]
    run.__annotations__ = {parameter.name: parameter.annotation for parameter in flat}
    return run


def _options(group: type[Any]) -> list[inspect.Parameter]:
    hints = get_type_hints(group, include_extras=True)
    for name, hint in hints.items():
        hint.__metadata__[0].envvar = f"KG_{name.upper()}"
    return [
        inspect.Parameter(
            option.name,
            inspect.Parameter.KEYWORD_ONLY,
            default=inspect.Parameter.empty if option.default is MISSING else option.default,
            annotation=hints[option.name],
        )
        for option in fields(group)
    ]
