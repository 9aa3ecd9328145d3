"""Papers made up from a few sentences and real names, and a real cluster on this machine to read them."""

import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import networkx as nx
import pytest

import kg
from kg.sources import example

_METHODS = (
    "BERT",
    "ResNet-50",
    "Vision Transformer (ViT)",
    "ViT-L/16",
    "Long Short-Term Memory (LSTM)",
    "LSTMs",
    "graph neural networks",
    "GPT-2",
    "generative adversarial network (GAN)",
    "GANs",
    "Llama 2 7B",
    "U-Net",
)
_DATASETS = ("ImageNet", "CIFAR-10/100", "MS-COCO", "COCO", "SQuAD 2.0", "GLUE", "WMT'14", "Cityscapes")
_TASKS = ("image classification", "machine translation", "object detection", "question answering", "semantic segmentation")
_METRICS = ("accuracy", "BLEU", "mean average precision (mAP)", "F1")
_SYLLABLES = ("spar", "dyn", "meta", "hyper", "flow", "lin", "quant", "morph", "vex", "tri")
_SENTENCES = (
    "We propose {new}, a method for {task} that builds on {method}.",
    "{new} is evaluated on {dataset} and {other}, where it reaches {value}% {metric}.",
    "It outperforms {method} and {baseline} on {dataset}.",
    "We introduce {new}Bench, a dataset for {task}.",
    "{baseline} has been widely used for {task}.",
    "Code is available at https://github.com/made-up/{lower}.",
)
_AUTHORS = ("Ada Moreau", "Li Wen", "Tom Okafor", "Ines Duarte", "Jürgen Weiß", "Sara Lindqvist")


def made_up(count: int) -> list[dict[str, object]]:
    """That many records, the same in each call."""
    chance = random.Random(7)
    made = [_paper(number, chance) for number in range(count)]
    # The same paper again, as other sources have it: known by its DOI, or by its title alone.
    again = [{"title": paper["title"], "doi": paper["doi"], "venue": "NeurIPS"} for paper in made[::9]]
    again += [{"title": str(paper["title"]).upper(), "year": 2021} for paper in made[::7]]
    # A DOI and a title that lead from paper to paper; two papers of one title that are two.
    again += [{"title": "A survey", "arxiv_id": f"2101.{number:05}", "doi": f"10.1000/{number // 2}"} for number in range(6)]
    again += [{"title": "A survey", "abstract": "We survey BERT."}, {"title": "A Survey!", "arxiv_id": "2101.00000"}]
    chance.shuffle(again)
    return (made + again)[:count] if count < len(again) else made[: count - len(again)] + again


def _paper(number: int, chance: random.Random) -> dict[str, object]:
    new = "".join(chance.sample(_SYLLABLES, 2)).capitalize() + chance.choice(("Net", "Former", "GAN", ""))
    task, dataset, other = chance.choice(_TASKS), *chance.sample(_DATASETS, 2)
    method, baseline = chance.sample(_METHODS, 2)
    words = {
        "new": new,
        "lower": new.lower(),
        "task": task,
        "dataset": dataset,
        "other": other,
        "method": method,
        "baseline": baseline,
        "metric": chance.choice(_METRICS),
        "value": f"{chance.uniform(40, 99):.1f}",
    }
    return {
        "title": f"{new}: {task} revisited, part {number}",
        "abstract": " ".join(sentence.format(**words) for sentence in chance.sample(_SENTENCES, chance.randint(2, 5))),
        "doi": f"10.5555/made.{number}",
        "arxiv_id": f"24{number % 12 + 1:02}.{number:05}" if number % 3 else None,
        "authors": chance.sample(_AUTHORS, 2),
        "year": 2018 + number % 7,
        "venue": chance.choice(("ICLR", "iclr", None)),
        "track": chance.choice(("oral", "poster")),
    }


@pytest.fixture(scope="session")
def papers_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """500 papers, the bundled example among them, and two lines that are none."""
    example_lines = example.path().read_text(encoding="utf-8").splitlines()
    lines = [*example_lines, "no JSON", *map(json.dumps, made_up(500)), '{"name": "no title"}', ""]
    path = tmp_path_factory.mktemp("papers") / "some papers.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def expected(papers_file: Path) -> nx.MultiDiGraph:
    """The graph of one machine."""
    return kg.build(kg.read(papers_file, on_skip=lambda error: None))


@dataclass
class Cluster:
    """A master and its workers; `env` is what a driver needs to know."""

    master: str
    workers: list[subprocess.Popen[bytes]]
    env: dict[str, str]

    def kill_a_worker(self) -> None:
        """Ends a worker and what runs on it, as a power cut would."""
        os.killpg(self.workers[0].pid, signal.SIGKILL)


# As little of each as there is to run on two cores; little is compiled, for the JVMs live a minute.
_SETTINGS = """
spark.driver.memory 600m
spark.driver.host 127.0.0.1
spark.driver.extraJavaOptions -XX:TieredStopAtLevel=1 -XX:+UseSerialGC
spark.executor.memory 512m
spark.executor.extraJavaOptions -XX:TieredStopAtLevel=1 -XX:+UseSerialGC
spark.shuffle.io.retryWait 1s
spark.sql.codegen.wholeStage false
spark.sql.files.maxPartitionBytes 100k
spark.sql.shuffle.partitions 4
spark.ui.enabled false
"""


@pytest.fixture(scope="session")
def spark_settings(spark_extra: None, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Variables by which a driver finds the settings."""
    folder = tmp_path_factory.mktemp("conf")
    (folder / "spark-defaults.conf").write_text(_SETTINGS)
    return {"PYSPARK_PYTHON": sys.executable, "SPARK_CONF_DIR": str(folder)}


@pytest.fixture(scope="module")
def spark_session(spark_settings: dict[str, str]) -> Iterator[object]:
    """A session in this process."""
    from pyspark.sql import SparkSession

    with pytest.MonkeyPatch.context() as patch:
        for name, value in spark_settings.items():
            patch.setenv(name, value)
        session = SparkSession.builder.master("local[2]").getOrCreate()
        yield session
        session.stop()


@pytest.fixture
def cluster(spark_settings: dict[str, str], tmp_path: Path) -> Iterator[Cluster]:
    env = (
        os.environ
        | spark_settings
        | {
            "SPARK_DAEMON_JAVA_OPTS": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
            "SPARK_DAEMON_MEMORY": "200m",
            "SPARK_LOCAL_IP": "127.0.0.1",
        }
    )
    with ExitStack() as stack:
        port = _free_port()
        stack.enter_context(_daemon("master.Master", "--host", "127.0.0.1", "--port", port, "--webui-port", "0", env=env))
        _wait_for(port)
        master = f"spark://127.0.0.1:{port}"
        place = f"--host 127.0.0.1 --webui-port 0 --cores 1 --memory 1g --work-dir {tmp_path}/work".split()
        workers = [stack.enter_context(_daemon("worker.Worker", *place, master, env=env)) for _ in range(2)]
        yield Cluster(master, workers, env)


@pytest.fixture(scope="session")
def spark_extra() -> None:
    """Tests on Spark skip where Java or the packages of the extra `spark` are absent."""
    for package in ("pandas", "pyarrow", "pyspark"):
        pytest.importorskip(package, reason="needs the extra `spark`")
    if not shutil.which("java"):
        pytest.skip("needs Java, such as Debian's openjdk-17-jre-headless")


@contextmanager
def _daemon(name: str, *arguments: str, env: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """One of Spark's servers, in a group of processes of its own, all of which are gone behind the block."""
    home = Path(find_spec("pyspark").submodule_search_locations[0])
    command = [home / "bin" / "spark-class", f"org.apache.spark.deploy.{name}", *arguments]
    running = subprocess.Popen(
        command,
        env=env | {"SPARK_HOME": str(home)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield running
    finally:
        with suppress(ProcessLookupError):
            os.killpg(running.pid, signal.SIGKILL)
        running.wait()


def _free_port() -> str:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return str(listening.getsockname()[1])


def _wait_for(port: str) -> None:
    for _ in range(600):
        try:
            socket.create_connection(("127.0.0.1", int(port)), 1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError("Spark's master does not come up")
