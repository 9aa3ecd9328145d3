"""Where nodes are drawn: positions that bring together what belongs together."""

import random
from math import sqrt

import igraph
import networkx as nx

_ROUNDS = 1000
# Edges that leave a community pull this much less, so that communities part.
_BETWEEN_COMMUNITIES = 0.05


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
    return {node: (x, y) for node, (x, y) in zip(index, places, strict=True)}


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
