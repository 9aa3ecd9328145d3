"""JSON-LD, compacted: short names throughout, and the context that explains them inside the file."""

import json
from typing import Any

from rdflib import Graph, Literal
from rdflib.namespace import RDF
from rdflib.plugins.serializers.jsonld import from_rdf


def json_ld(rdf: Graph) -> bytes:
    """Returns a graph as a JSON-LD document, its nodes sorted; rdflib compacts it (Oxigraph's writer expands)."""
    document = from_rdf(rdf, context_data=_context(rdf), use_native_types=False)
    nodes = sorted(document["@graph"], key=lambda node: str(node["@id"])) if "@graph" in document else []
    for node in nodes:
        for values in filter(lambda value: isinstance(value, list), node.values()):
            values.sort(key=json.dumps)
    text = json.dumps({"@context": document.get("@context", {}), "@graph": nodes}, ensure_ascii=False, indent=1)
    return text.encode()


def _context(rdf: Graph) -> dict[str, Any]:
    """The prefixes, and which predicates lead to IRIs, so that these need no `@id`."""
    prefixes = {prefix: str(iri) for prefix, iri in rdf.namespaces()}
    with_literals = {str(predicate) for _, predicate, value in rdf if isinstance(value, Literal)}
    links = sorted({str(predicate) for predicate in rdf.predicates()} - with_literals - {str(RDF.type)})
    return prefixes | {rdf.qname(link): {"@id": link, "@type": "@id"} for link in links}
