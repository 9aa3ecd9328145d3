"""What `kg/SCALE.md` counts with: bytes a paper in each step and shuffle, names on the driver, and a hub of 30 % of all edges.

python tests/benchmarks/spark.py PAPERS.jsonl       # sizes
python tests/benchmarks/spark.py --hub 2000000      # so many edges
"""

import json
import os
import statistics
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as f

import kg.spark
from kg.spark.records import read_lines

_SHARE_OF_HUB = 30  # percent
_SALTS = 32


def session(folder: Path) -> SparkSession:
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    (folder / "events").mkdir()
    builder = SparkSession.builder.master(os.environ.get("SPARK_MASTER", "local[2]"))
    settings = {
        "spark.driver.memory": "2g",
        "spark.eventLog.enabled": "true",
        "spark.eventLog.dir": str(folder / "events"),
        "spark.eventLog.rolling.enabled": "false",
        "spark.eventLog.compress": "false",
        "spark.log.level": "ERROR",
        "spark.sql.adaptive.coalescePartitions.enabled": "false",
        "spark.sql.shuffle.partitions": "16",
        "spark.ui.enabled": "false",
    }
    spark = builder.config(map=settings).getOrCreate()
    spark.sparkContext.setCheckpointDir(str(folder / "steps"))
    return spark


def events(folder: Path) -> list[dict]:
    (log,) = [path for path in (folder / "events").rglob("*") if path.is_file() and not path.name.startswith(".")]
    return [json.loads(line) for line in log.open(encoding="utf-8")]


def sizes(papers: str, folder: Path) -> None:
    spark = session(folder)
    graph = kg.spark.build_from(spark, read_lines(spark, [papers]))
    tables = kg.spark.write(graph, str(folder / "out"))
    count = tables.papers.count()
    names = tables.entities.where("kind IN ('method', 'dataset', 'task', 'metric')")
    print(
        f"{count:,} papers, {tables.edges.count():,} edges, {tables.entities.count():,} entities, {names.count():,} from names"
    )
    print(f"{tables.edges.where('inferred').count():,} inferred edges")
    spark.stop()
    for path in sorted([*(folder / "steps").glob("*/*"), *(folder / "out").iterdir()]):
        size = sum(part.stat().st_size for part in path.glob("part-*"))
        print(f"{path.name.partition('-')[0]:>14} {size / count:8,.0f} bytes a paper")
    ended = [event for event in events(folder) if event["Event"] == "SparkListenerTaskEnd"]
    shuffled = sum(event["Task Metrics"]["Shuffle Write Metrics"]["Shuffle Bytes Written"] for event in ended)
    print(f"{'all shuffles':>14} {shuffled / count:8,.0f} bytes a paper")


def hub(edges: int, folder: Path) -> None:
    """The longest task of each aggregation, where all keys are alike and where one has 30 % of the rows."""
    spark = session(folder)
    for skewed in (False, True):
        table = _edges(spark, edges, skewed)
        for name, query in _queries(table).items():
            spark.sparkContext.setJobGroup(f"{name}, {'hub' if skewed else 'even'}", "")
            query.write.format("noop").mode("overwrite").save()
    spark.stop()
    groups: dict[int, str] = {}
    tasks: dict[str, list[tuple[float, int]]] = defaultdict(list)
    for event in events(folder):
        if event["Event"] == "SparkListenerJobStart":
            groups |= dict.fromkeys(event["Stage IDs"], event["Properties"].get("spark.jobGroup.id", ""))
        elif event["Event"] == "SparkListenerTaskEnd" and (read := _rows_read(event)):
            info = event["Task Info"]
            tasks[groups[event["Stage ID"]]].append(((info["Finish Time"] - info["Launch Time"]) / 1000, read))
    print(f"{edges:,} edges: tasks that read a shuffle; seconds of the longest and the median, rows of the fullest")
    for name, found in tasks.items():
        seconds, rows = zip(*found, strict=True)
        print(f"{name:>32} {max(seconds):6.2f} s {statistics.median(seconds):6.2f} s {max(rows):10,} rows")


def _rows_read(event: dict) -> int:
    return event["Task Metrics"]["Shuffle Read Metrics"]["Total Records Read"]


def _edges(spark: SparkSession, count: int, skewed: bool) -> DataFrame:
    """Inferred edges as papers give them, ten papers an edge; with a hub, 30 % of them are one edge."""
    number = f.col("id") % (count // 10)
    in_hub = f.lit(skewed) & (f.col("id") % 100 < _SHARE_OF_HUB)
    name = f.when(in_hub, f.lit("hub")).otherwise(number.cast("string"))
    paper = f.array(f.concat(f.lit("arxiv:"), f.col("id").cast("string")))
    ends = [f.concat(f.lit("method:"), name).alias("source"), f.concat(f.lit("dataset:"), name).alias("target")]
    return spark.range(0, count, 1, 16).select(*ends, paper.alias("papers"))


def _queries(edges: DataFrame) -> dict[str, DataFrame]:
    """How nodes are counted and edges gathered, as in `kg.spark.tables`, and gathered in two steps, salted."""
    ends, papers = ("source", "target"), f.flatten(f.collect_list("papers")).alias("papers")
    salted = edges.withColumn("salt", f.xxhash64("papers") % _SALTS).groupBy(*ends, "salt").agg(papers)
    names = edges.select("target").distinct().withColumn("key", f.col("target"))
    return {
        "papers of a node": edges.groupBy("target").agg(f.count("*")),
        "papers of an edge": edges.groupBy(*ends).agg(f.array_sort(papers)),
        "papers of an edge, salted": salted.groupBy(*ends).agg(f.array_sort(papers)),
        "join with names": edges.join(names.hint("merge"), "target"),
    }


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        if sys.argv[1] == "--hub":
            hub(int(sys.argv[2]), Path(temporary))
        else:
            sizes(sys.argv[1], Path(temporary))
