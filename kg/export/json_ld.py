"""JSON-LD, compacted: short names throughout, and the context that explains them inside the file."""

import json
from typing import Any

from rdflib import Graph, URIRef
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
    predicates = sorted(set(rdf.predicates()) - {RDF.type})
    links = [term for term in predicates if all(isinstance(value, URIRef) for value in rdf.objects(None, term))]
    return prefixes | {rdf.qname(term): {"@id": str(term), "@type": "@id"} for term in links}
