"""RDF files: whether they are sound."""

from itertools import groupby
from pathlib import Path
from typing import Annotated

import typer

from kg.cli.report import log
from kg.cli.shared import count


def validate(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="RDF of any format, told by its suffix.")],
    max: Annotated[int, typer.Option("--max", min=1, help="Nodes printed of each file.")] = 50,
) -> None:
    """Check RDF files against the shapes that exports keep to (SHACL); status 1 where a rule is broken.

    \b
    Examples:
      kg validate exports/graph.ttl
      kg validate exports/graph.ttl more.nt --max 10
    """
    from kg.export.validate import validate as check

    sound = True
    for file in files:
        violations = check(file)
        sound = sound and not violations
        nodes = [(node, list(broken)) for node, broken in groupby(violations, key=lambda violation: violation.node)]
        for node, broken in nodes[:max]:
            print(node)
            for violation in broken:
                about = " ".join(filter(None, (violation.path, violation.found)))
                print(f"  {about}: {violation.rule}" if about else f"  {violation.rule}")
        if len(nodes) > max:
            print(f"… and {count(len(nodes) - max, 'other node')}")
        found = f"{count(len(violations), 'violation')} at {count(len(nodes), 'node')}" if violations else "conforms"
        log.info("%s: %s", file, found)
    if not sound:
        raise typer.Exit(1)
