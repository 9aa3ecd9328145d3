"""The same steps on many machines: papers to the tables and triples of a graph, with Apache Spark (the extra `spark`).

What is done with one paper, with the records of one paper, and with what all papers show of names are the functions of
`kg.papers`, `kg.nlp`, `kg.graph` and `kg.export`; here Spark moves their arguments. `kg/SCALE.md` says what that takes.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from os import PathLike

import pyarrow as pa
from pyspark import Broadcast
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as f

from kg import nlp
from kg.errors import KgError
from kg.export.description import described
from kg.export.triples import check_base_iri
from kg.graph.known import read_known
from kg.graph.resolve import USUAL_RULES, AbbreviationRules, Meanings
from kg.schema import BASE_IRI, Content, Run, SourceFile
from kg.spark.distinct import distinct
from kg.spark.files import rename_texts
from kg.spark.names import read_entities, read_meanings, resolve
from kg.spark.ntriples import lines, n_triples_of
from kg.spark.records import from_columns
from kg.spark.rows import Row, kept, mapped, packed, unpacked
from kg.spark.tables import Tables, gather, papers_digest, say

_EXTRACTION = pa.schema([("id", pa.string()), ("extraction", pa.binary())])
# Half a minute of reading: what is lost with a machine, and how long the last one is waited for.
_PAPERS_A_TASK = 2500
_TASKS_A_CORE = 3


@dataclass(frozen=True)
class Graph:
    """A graph on a cluster.

    Attributes:
        tables: Papers, mentions, entities (all nodes but papers) and edges; `kg.spark.rows` lists their columns.
        skipped: Records that are no papers: `source`, `line`, `reason`, `remedy`.
        sources: The names of the files that papers were read from.
    """

    tables: Tables
    skipped: DataFrame
    sources: tuple[str, ...]
    _resolved: DataFrame
    _meanings: Broadcast[Meanings]
    _pieces: DataFrame

    def triples(
        self, *, base_iri: str = BASE_IRI, content: Content | None = None, parameters: Mapping[str, str] | None = None
    ) -> DataFrame:
        """N-Triples in one column `value`, several lines a row; for the arguments, see `write`.

        They are those of one machine but for the description of the run: its hash of the papers does not depend on their
        order, and the files that they were read from have none.
        """
        check_base_iri(base_iri)
        content = content or Content()
        run = Run(
            version("paper-kg"),
            papers_digest(self._pieces),
            nlp.identity(nlp.load()),
            tuple(map(SourceFile, self.sources)),
            dict(parameters or {}),
        )
        classes = {"paper": self.tables.papers.count(), **_counts(self.tables.entities, "kind")}
        description = described(classes, _counts(self.tables.edges, "relation"), run, content, base_iri=base_iri)
        head = self.tables.papers.sparkSession.createDataFrame(pa.Table.from_pylist([lines(description)]))
        said = n_triples_of(self.tables, self._resolved, self._meanings, content, base_iri=base_iri)
        return head.unionByName(said)


def build(
    spark: SparkSession,
    papers: DataFrame,
    *,
    known: Sequence[str | PathLike[str]] = (),
    rules: AbbreviationRules = USUAL_RULES,
) -> Graph:
    """Builds the knowledge graph of a table of papers.

    Args:
        spark: A session whose machines have paper-kg installed.
        papers: A table with the fields of papers as columns, named as `kg.read` takes them from Parquet.
        known: CSV files of names on the driver, to add to those that the package knows (`kg.graph.known`).
        rules: When an abbreviation that a paper leaves undefined stands for what others define it as.

    Raises:
        KgError: The session has no checkpoint folder (`SparkContext.setCheckpointDir`), where each step is kept for the next.
    """
    return build_from(spark, from_columns(papers), known=known, rules=rules)


def build_from(
    spark: SparkSession,
    records: DataFrame,
    *,
    known: Sequence[str | PathLike[str]] = (),
    rules: AbbreviationRules = USUAL_RULES,
) -> Graph:
    """The same from records, as `kg.spark.records` reads them from files."""
    if not spark.sparkContext.getCheckpointDir():
        remedy = "call spark.sparkContext.setCheckpointDir with one that all machines see"
        raise KgError("Spark has no checkpoint folder to keep the steps in", remedy=remedy)
    names = read_known(*known)
    records = kept(records, "records")
    papers = kept(distinct(records), "papers")
    found = papers.count()
    if not found:
        raise KgError("no papers to read", remedy="give JSON Lines, or tables that end in .parquet")
    tasks = max(found // _PAPERS_A_TASK, _TASKS_A_CORE * spark.sparkContext.defaultParallelism)
    extractions = kept(mapped(papers.repartition(tasks, "id"), _extract, _EXTRACTION), "extractions")
    meanings = spark.sparkContext.broadcast(read_meanings(extractions, names, rules))
    entities = read_entities(extractions, meanings)
    resolved = kept(resolve(extractions, meanings, entities), "resolved")
    pieces = kept(say(resolved, meanings), "pieces")
    files = sorted(row[0] for row in records.where("paper IS NOT NULL").select("file").distinct().collect())
    skipped = records.where("skipped IS NOT NULL").select("skipped.*")
    return Graph(gather(pieces, entities), skipped, tuple(files), resolved, meanings, pieces)


def write(
    graph: Graph,
    folder: str,
    *,
    base_iri: str = BASE_IRI,
    content: Content | None = None,
    parameters: Mapping[str, str] | None = None,
) -> Tables:
    """Writes a graph: tables as Parquet, triples as N-Triples, skipped records as JSON Lines, each into a folder of part files.

    Args:
        graph: A graph that was built.
        folder: A folder, or an address that Spark can write to; the folders in it that have the names of these are replaced.
        base_iri: What the IRIs of nodes begin with.
        content: How much of the graph the triples hold.
        parameters: Settings to note in the run.

    Returns:
        The tables as they were written.
    """
    spark = graph.skipped.sparkSession
    tables = Tables(**{name: _written(table, f"{folder}/{name}") for name, table in vars(graph.tables).items()})
    triples = replace(graph, tables=tables).triples(base_iri=base_iri, content=content, parameters=parameters)
    triples.write.mode("overwrite").text(f"{folder}/triples")
    rename_texts(spark, f"{folder}/triples", ".nt")
    graph.skipped.coalesce(1).write.mode("overwrite").json(f"{folder}/skipped")
    return tables


def _written(table: DataFrame, folder: str) -> DataFrame:
    table.write.mode("overwrite").parquet(folder)
    return table.sparkSession.read.schema(table.schema).parquet(folder)


def _extract(rows: Iterable[Row]) -> Iterator[Row]:
    for extraction in nlp.analyse(unpacked(row["paper"]) for row in rows):
        yield {"id": extraction.paper.id, "extraction": packed(extraction)}


def _counts(table: DataFrame, column: str) -> dict[str, int]:
    return {row[0]: row[1] for row in table.groupBy(column).agg(f.count("*")).collect()}
