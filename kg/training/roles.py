"""Training of the roles: logistic regression on the hashed features of gold mentions, beside the network's opinion."""

from collections.abc import Sequence

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc

from kg.nlp.roles import CLASSES, ROWS, Roles, name_features, named_spans
from kg.schema import Role
from kg.training.gold import GoldPaper, Split, gold_doc, read_before
from kg.training.linear import fit_linear

_INVERSE_REGULARIZATION = 0.1
_NETWORK_WEIGHTS = tuple(np.arange(9) / 4)


def annotated_doc(nlp: Language, paper: GoldPaper) -> Doc:
    """A document with gold mentions, and with the sentences and abbreviations that the roles look at."""
    doc = gold_doc(nlp, paper)
    mentions = doc.ents
    for step in ("sentencizer", "kg_abbreviations"):
        doc = nlp.get_pipe(step)(doc)
    doc.ents = mentions  # abbreviations may mend borders, and these are right
    return doc


def train_roles(nlp: Language, gold: Split) -> Roles:
    """Fits the classifier to the papers to learn from, and the weight of the network to those held out."""
    roles = _fit(nlp, gold.learned)
    roles.network_weight = _network_weight(nlp, roles, gold.held_out)
    return roles


def _gold_roles(paper: GoldPaper) -> dict[tuple[str, str], Role]:
    return {(mention.text, str(mention.label)): mention.role for mention in paper.mentions if mention.role}


def _fit(nlp: Language, papers: Sequence[GoldPaper]) -> Roles:
    roles = Roles()
    rows, targets = [], []
    for paper in papers:
        gold = _gold_roles(paper)
        doc = annotated_doc(nlp, paper)
        for name, features in name_features(doc, named_spans(doc)):
            if name in gold:
                rows.append(roles.classifier.rows(features))
                targets.append(CLASSES.index(gold[name]))
    roles.classifier = fit_linear(rows, np.array(targets), ROWS, _INVERSE_REGULARIZATION, classes=len(CLASSES))
    return roles


def _network_weight(nlp: Language, roles: Roles, papers: Sequence[GoldPaper]) -> float:
    """The weight with which most mentions get their gold role; the least of several."""
    right = np.zeros(len(_NETWORK_WEIGHTS))
    for paper, doc in zip(papers, read_before(nlp, "kg_roles", papers), strict=True):
        gold, spans = _gold_roles(paper), named_spans(doc)
        for name, features in name_features(doc, spans):
            rows = roles.classifier.rows(features)
            for i, roles.network_weight in enumerate(_NETWORK_WEIGHTS):
                role = roles.predict(name[1], rows, spans[name][0]._.role_scores)
                right[i] += len(spans[name]) * (role == gold.get(name))
    return float(_NETWORK_WEIGHTS[right.argmax()])
