"""What could not be read, as JSON Lines beside what was built: one object each."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from kg.errors import Skip
from kg.export.files import whole_file


def write_skipped(skipped: Sequence[Skip], folder: Path) -> Path | None:
    """Writes `skipped.jsonl` into a folder, or removes that of an earlier run where there is nothing to tell.

    Each object has `source`, `line` (or number of the record; null where the source as a whole is meant), `reason`, `remedy`.
    """
    path = folder / "skipped.jsonl"
    if not skipped:
        path.unlink(missing_ok=True)
        return None
    with whole_file(path) as stream:
        for skip in skipped:
            stream.write(json.dumps(asdict(skip), ensure_ascii=False).encode(errors="backslashreplace") + b"\n")
    return path
