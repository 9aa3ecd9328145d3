from . import nlp as nlp
from .errors import GraphError as GraphError
from .errors import KgError as KgError
from .errors import ModelError as ModelError
from .errors import RecordError as RecordError
from .errors import SourceError as SourceError
from .export.gexf import write_gexf as write_gexf
from .export.graphml import write_graphml as write_graphml
from .export.html import write_html as write_html
from .export.neo4j import write_neo4j as write_neo4j
from .export.node_link import load as load
from .export.node_link import write_json as write_json
from .export.notebook import show as show
from .export.rdf import to_rdf as to_rdf
from .export.rdf import write_rdf as write_rdf
from .export.validate import validate as validate
from .nlp import extract as extract
from .papers import make_paper as make_paper
from .pipeline import build as build
from .schema import Extraction as Extraction
from .schema import Link as Link
from .schema import Mention as Mention
from .schema import Paper as Paper
from .schema import Result as Result
from .sources import read as read

__all__ = [
    "Extraction",
    "GraphError",
    "KgError",
    "Link",
    "Mention",
    "ModelError",
    "Paper",
    "RecordError",
    "Result",
    "SourceError",
    "build",
    "extract",
    "load",
    "make_paper",
    "nlp",
    "read",
    "show",
    "to_rdf",
    "validate",
    "write_gexf",
    "write_graphml",
    "write_html",
    "write_json",
    "write_neo4j",
    "write_rdf",
]
