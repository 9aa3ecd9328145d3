"""Figures of a graph."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from kg.cli.explore import DEFAULT_GRAPH, Graph, nodes_named
from kg.cli.report import log
from kg.errors import KgError


class Picture(StrEnum):
    """The figures that there are."""

    MOST_USED = "most-used"
    BY_YEAR = "by-year"
    NEIGHBOURHOOD = "neighbourhood"


def plot(
    picture: Annotated[Picture, typer.Argument(help="What to draw.")],
    name: Annotated[str | None, typer.Argument(help="Whose neighbourhood: a name as papers write it, or a node's key.")] = None,
    graph: Graph = DEFAULT_GRAPH,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="The file; its suffix is the format: png, svg, pdf.")
    ] = None,
    count: Annotated[int, typer.Option("--count", "-n", min=1, help="How many entities to draw at most.")] = 15,
) -> None:
    """Draw a figure of a graph: what is used most, methods by year, the neighbourhood of a name; needs the extra `plot`.

    \b
    Examples:
      kg plot most-used
      kg plot by-year -o years.svg
      kg plot neighbourhood BERT -o bert.png
    """
    try:
        from kg.export import plot as figures
    except ModuleNotFoundError as error:
        raise KgError(f"figures need {error.name}", remedy="pip install 'paper-kg[plot]'") from None
    from kg.export.node_link import load

    path = output or Path(f"{picture}.png")
    loaded = load(graph)
    if picture is Picture.MOST_USED:
        figures.plot_most_used(loaded, path, count=count)
    elif picture is Picture.BY_YEAR:
        figures.plot_by_year(loaded, path, count=count)
    elif name is None:
        raise typer.BadParameter("neighbourhood needs a name, such as: kg plot neighbourhood BERT")
    else:
        figures.plot_neighbourhood(loaded, nodes_named(loaded, name, graph)[0], path, count=count)
    log.info("wrote %s", path)
