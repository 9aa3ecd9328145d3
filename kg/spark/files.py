"""Files as Spark's machines see them, of any file system that Spark knows, through its own Hadoop."""

from typing import Any

from pyspark.sql import SparkSession


def delete(spark: SparkSession, folder: str) -> None:
    """Deletes a folder with all that is in it."""
    path, files = _at(spark, folder)
    files.delete(path, True)


def rename_texts(spark: SparkSession, folder: str, suffix: str) -> None:
    """Gives Spark's part files of text, compressed or not, the suffix of what is in them, by which loaders know it."""
    path, files = _at(spark, folder)
    for status in files.listStatus(path):
        part = status.getPath()
        if part.getName().startswith("part-"):
            files.rename(part, _at(spark, f"{folder}/{part.getName().replace('.txt', suffix)}")[0])


def _at(spark: SparkSession, path: str) -> tuple[Any, Any]:
    """A path, and the file system that it is on."""
    context: Any = spark.sparkContext
    place = context._jvm.org.apache.hadoop.fs.Path(path)
    return place, place.getFileSystem(context._jsc.hadoopConfiguration())
