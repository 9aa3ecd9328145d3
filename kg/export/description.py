"""What an export says of itself: counts, licence, and the run that it comes from (VoID, DCAT, PROV-O)."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict

import networkx as nx
from rdflib import Literal, URIRef
from rdflib.namespace import DCAT, DCTERMS, PROV, RDF, SDO, VOID, XSD

from kg.errors import KgError
from kg.export.triples import CLASSES, HASH_DIGITS, Triple, predicate, web_iri
from kg.export.vocabulary import KG, MLS
from kg.papers import short_hash
from kg.schema import Content, Kind, Model, Run, SourceFile

_TITLE = "Knowledge graph of papers"
_VOCABULARY = URIRef(str(KG).removesuffix("#"))


def description(graph: nx.MultiDiGraph, content: Content, *, base_iri: str) -> Iterator[Triple]:
    """Yields the export as a `void:Dataset`, and its run as a `prov:Activity` where the graph has one.

    Entities are counted by class, relations by property. The total of triples is left out: it would have to count
    itself, and is another one in each format that splits or leaves out graphs.
    """
    run = Run.from_dict(graph.graph["run"]) if "run" in graph.graph else None
    classes = Counter(kind for _, kind in graph.nodes(data="kind"))
    properties = Counter(relation for _, _, relation in graph.edges(data="relation"))
    return described(classes, properties, run, content, base_iri=base_iri)


def described(
    classes: Mapping[str, int], properties: Mapping[str, int], run: Run | None, content: Content, *, base_iri: str
) -> Iterator[Triple]:
    """Yields the same of a graph that is not at hand: of its number of nodes by kind, and of edges by relation."""
    told = [run.as_dict() if run else None, asdict(content), sorted(classes.items()), sorted(properties.items())]
    export = URIRef(f"{base_iri}export/{_digest(told)}")
    yield export, RDF.type, VOID.Dataset
    yield export, RDF.type, DCAT.Dataset
    yield export, DCTERMS.title, Literal(_TITLE)
    if content.license:
        yield export, DCTERMS.license, license_iri(content.license)
    for name, value in (("evidence", content.evidence), ("quotes", content.quotes), ("abstracts", content.abstracts)):
        yield export, KG.parameter, Literal(f"{name}={str(value).lower()}")
    yield export, VOID.vocabulary, _VOCABULARY
    yield export, VOID.uriSpace, Literal(base_iri)
    yield export, VOID.entities, Literal(sum(classes.values()))
    for kind in sorted(classes):
        part = URIRef(f"{export}/class/{kind}")
        yield export, VOID.classPartition, part
        yield part, VOID["class"], CLASSES[Kind(kind)][0]
        yield part, VOID.entities, Literal(classes[kind])
    for relation in sorted(properties):
        part = URIRef(f"{export}/property/{relation}")
        yield export, VOID.propertyPartition, part
        yield part, VOID.property, predicate(relation)
        yield part, VOID.triples, Literal(properties[relation])
    if run:
        activity = URIRef(f"{base_iri}run/{_digest(run.as_dict())}")
        yield export, PROV.wasGeneratedBy, activity
        yield from _run(activity, run, base_iri)


def license_iri(address: str) -> URIRef:
    """The address of a licence as an IRI; raises `KgError` where it is none."""
    iri = web_iri(address)
    if not iri:
        remedy = "give its address, such as https://creativecommons.org/licenses/by/4.0/"
        raise KgError(f"{address!r} is no IRI of a licence", remedy=remedy)
    return iri


def _run(activity: URIRef, run: Run, base_iri: str) -> Iterator[Triple]:
    software = URIRef(f"{base_iri}software/paper-kg-{run.version}")
    yield activity, RDF.type, PROV.Activity
    yield activity, PROV.wasAssociatedWith, software
    yield software, RDF.type, PROV.SoftwareAgent
    yield software, RDF.type, SDO.SoftwareApplication
    yield software, SDO.name, Literal("paper-kg")
    yield software, SDO.softwareVersion, Literal(run.version)
    for used in (run.model, *run.sources):
        if used:
            entity = URIRef(f"{base_iri}{_folder(used)}/{_digest(asdict(used))}")
            yield activity, PROV.used, entity
            yield from _used(entity, used)
    for name, value in sorted(run.parameters.items()):
        yield activity, KG.parameter, Literal(f"{name}={value}")
    for property_, time in ((PROV.startedAtTime, run.started), (PROV.endedAtTime, run.ended)):
        if time:
            yield activity, property_, Literal(time, datatype=XSD.dateTime, normalize=False)


def _folder(used: Model | SourceFile) -> str:
    return "model" if isinstance(used, Model) else "source"


def _used(entity: URIRef, used: Model | SourceFile) -> Iterator[Triple]:
    yield entity, RDF.type, PROV.Entity
    yield entity, SDO.name, Literal(used.name)
    if used.sha256:
        yield entity, SDO.sha256, Literal(used.sha256)
    if isinstance(used, Model):
        yield entity, RDF.type, MLS.Model
        yield entity, SDO.version, Literal(used.version)


def _digest(data: object) -> str:
    return short_hash(json.dumps(data, sort_keys=True), HASH_DIGITS)
