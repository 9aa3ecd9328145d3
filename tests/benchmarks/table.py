"""What the benchmarks share: how they measure, and the rows they print."""

import time
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple


class Row(NamedTuple):
    """Seconds for the same work by us and by another; why there are none where the other can't be run."""

    ours: str
    seconds: float
    beside: str
    theirs: float | None
    why: str = ""


def seconds(work: Callable[[], Any], repeats: int = 3) -> float:
    """The shortest of a few runs, in processor time of this process: what else the machine does is not counted."""
    times = []
    for _ in range(repeats):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


def show(rows: Iterable[Row]) -> None:
    """Prints rows as they come; the ratio is our time over the other's."""
    print(f"{'paper-kg':34}{'seconds':>9}   {'beside':42}{'seconds':>9}{'ratio':>9}")
    for row in rows:
        if row.theirs is None:
            print(f"{row.ours:34}{row.seconds:9.2f}   {row.beside:42}{row.why}", flush=True)
        else:
            ratio = row.seconds / row.theirs
            print(f"{row.ours:34}{row.seconds:9.2f}   {row.beside:42}{row.theirs:9.2f}{ratio:9.3f}", flush=True)
