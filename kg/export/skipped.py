"""What could not be read, as JSON Lines beside what was built: one object an error."""

import json
from collections.abc import Sequence
from pathlib import Path

from kg.errors import KgError
from kg.export.files import whole_file


def write_skipped(errors: Sequence[KgError], folder: Path) -> Path | None:
    """Writes `skipped.jsonl` into a folder, or removes that of an earlier run where there is nothing to tell.

    Each object has `source`, `line` (or number of the record; null where the source as a whole is meant), `reason`, `remedy`.
    """
    path = folder / "skipped.jsonl"
    if not errors:
        path.unlink(missing_ok=True)
        return None
    with whole_file(path) as stream:
        for error in errors:
            place = {"source": error.at.source if error.at else None, "line": error.at.line if error.at else None}
            row = place | {"reason": error.reason, "remedy": error.remedy}
            stream.write(json.dumps(row, ensure_ascii=False).encode(errors="backslashreplace") + b"\n")
    return path
