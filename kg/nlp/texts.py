"""The text of a document, put together once: spaCy does so from its tokens anew each time that it is asked."""

from spacy.language import Language
from spacy.tokens import Doc

_TEXT = "kg_text"


def doc_of(nlp: Language, text: str) -> Doc:
    """The tokens of a text, and the text itself, which thus need not be put together."""
    doc = nlp.make_doc(text)
    if len(doc) and doc[-1].idx + len(doc[-1].text_with_ws) == len(text):  # a tokenizer of others may change white space
        doc.user_data[_TEXT] = text
    return doc


def text_of(doc: Doc) -> str:
    """The text, kept in the document's `user_data`."""
    if _TEXT not in doc.user_data:
        doc.user_data[_TEXT] = doc.text
    text: str = doc.user_data[_TEXT]
    return text


def title_end(doc: Doc) -> int:
    """The offset of the line break behind the title, -1 where there is none."""
    return text_of(doc).find("\n")
