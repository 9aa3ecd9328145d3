"""Where nodes are drawn: positions that bring together what belongs together."""

import random
from math import hypot, sqrt, tau
from statistics import fmean

import igraph
import networkx as nx

_ROUNDS = 1000
# Edges that leave a community pull this much less, so that communities part.
_BETWEEN_COMMUNITIES = 0.05
# The power of the distance from the centre: below 1, the middle is drawn apart.
_CROWDING = 0.8


def layout(graph: nx.MultiDiGraph) -> dict[str, tuple[float, float]]:
    """Positions about one unit apart, the same for the same graph; the time grows linearly with nodes and edges.

    Fruchterman and Reingold 1991, "Graph Drawing by Force-directed Placement", with their grid. Edges of nodes that are
    connected to much pull less, and so do edges between communities (Traag, Waltman and van Eck 2019, "From Louvain to
    Leiden"): else most of the graph is one ball around its hubs.
    """
    index = {node: number for number, node in enumerate(graph)}
    drawing = igraph.Graph(n=len(index), edges=[(index[source], index[target]) for source, target in graph.edges()])
    drawing.simplify()
    _tie_components(drawing)
    igraph.set_random_number_generator(random.Random(0))
    try:
        places = drawing.layout_fruchterman_reingold(niter=_ROUNDS, grid=True, weights=_pulls(drawing))
    finally:
        igraph.set_random_number_generator(random)
    return dict(zip(index, _spread(places.coords), strict=True))


def _spread(places: list[list[float]]) -> list[tuple[float, float]]:
    """Positions around their centre, the crowded middle drawn apart, as many to an area for few nodes as for many."""
    if not places:
        return []
    centre = [sum(axis) / len(places) for axis in zip(*places, strict=True)]
    from_centre = [(x - centre[0], y - centre[1]) for x, y in places]
    radii = [hypot(x, y) or 1 for x, y in from_centre]
    # The mean square that the radii of this power will have, and the one that they would have on a disc evenly filled.
    found, wanted = fmean(radius ** (2 * _CROWDING) for radius in radii), len(places) / tau
    scale = sqrt(wanted / found)
    factors = [scale * radius ** (_CROWDING - 1) for radius in radii]
    return [(x * factor, y * factor) for (x, y), factor in zip(from_centre, factors, strict=True)]


def _tie_components(drawing: igraph.Graph) -> None:
    """Ties the hub of each component to the greatest hub: what nothing holds drifts far away."""
    degree = drawing.degree()
    hubs = [max(component, key=degree.__getitem__) for component in drawing.connected_components()]
    centre = max(hubs, key=degree.__getitem__, default=None)
    drawing.add_edges((centre, hub) for hub in hubs if hub != centre)


def _pulls(drawing: igraph.Graph) -> list[float]:
    degree = drawing.degree()
    community = drawing.community_leiden(objective_function="modularity", n_iterations=4).membership
    return [
        (1 if community[one] == community[other] else _BETWEEN_COMMUNITIES) / sqrt(min(degree[one], degree[other]))
        for one, other in drawing.get_edgelist()
    ]
