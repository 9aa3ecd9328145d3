"""How long a large corpus takes from the command line, and how much memory: python -m tests.benchmarks.corpus PAPERS.jsonl

The first N papers are built with 2 processes, for each N of `--papers 1000,10000` (default: all). The memory is that of all
processes together, shared pages counted once where the system tells (Linux), sampled every half second.
"""

import argparse
import re
import subprocess
import sys
import tempfile
import threading
import time
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import psutil

_STEP = re.compile(r"^(.+) took ([\d.]+) s$", re.MULTILINE)
_INTERVAL = 0.5


class Measured(NamedTuple):
    """One run: seconds from start to end of the process, the most megabytes at a time, and the seconds of each step."""

    seconds: float
    megabytes: float
    steps: dict[str, float]


def build(source: Path, folder: Path, jobs: int, formats: str) -> Measured:
    command = [sys.executable, "-m", "kg", "--verbose", "build", source, "-o", folder, "--jobs", jobs, "--format", formats]
    start = time.perf_counter()
    running = subprocess.Popen(list(map(str, command)), stderr=subprocess.PIPE, text=True)
    peak = [0.0]
    sampler = threading.Thread(target=_sample, args=(psutil.Process(running.pid), peak))
    sampler.start()
    _, printed = running.communicate()
    seconds = time.perf_counter() - start
    sampler.join()
    if running.returncode:
        sys.exit(printed)
    steps = {name.replace(f"{folder}/", ""): float(taken) for name, taken in _STEP.findall(printed)}
    return Measured(seconds, peak[0] / 1e6, steps)


def _sample(process: psutil.Process, peak: list[float]) -> None:
    while process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
        peak[0] = max(peak[0], sum(map(_memory, [process, *process.children(recursive=True)])))
        time.sleep(_INTERVAL)


def _memory(process: psutil.Process) -> int:
    try:
        told = process.memory_full_info()
    except psutil.Error:  # ended meanwhile
        return 0
    return getattr(told, "pss", told.rss)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path, help="JSON Lines, uncompressed")
    parser.add_argument("--papers", help="numbers of papers, joined by commas")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--format", default="ttl,html,json")
    given = parser.parse_args()
    for number in map(int, given.papers.split(",")) if given.papers else [None]:
        with tempfile.TemporaryDirectory() as name:
            some = Path(name) / "papers.jsonl"
            with given.source.open(encoding="utf-8") as whole:
                lines = list(islice(whole, number))
            some.write_text("".join(lines), encoding="utf-8")
            report(len(lines), build(some, Path(name) / "out", given.jobs, given.format))


def report(papers: int, run: Measured) -> None:
    each = 1000 / papers
    print(f"{papers:,} papers: {run.seconds:.1f} s, {run.seconds * each:.2f} ms a paper; at most {run.megabytes:,.0f} MB")
    for step, taken in run.steps.items():
        print(f"    {step:32}{taken:9.1f} s{taken * each:9.2f} ms a paper", flush=True)


if __name__ == "__main__":
    main()
