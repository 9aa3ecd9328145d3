"""The text of a document, put together once: spaCy does so from its tokens anew each time that it is asked."""

from spacy.tokens import Doc

_TEXT = "kg_text"


def text_of(doc: Doc) -> str:
    """The text, kept in the document's `user_data`."""
    if _TEXT not in doc.user_data:
        doc.user_data[_TEXT] = doc.text
    text: str = doc.user_data[_TEXT]
    return text


def title_end(doc: Doc) -> int:
    """The offset of the line break behind the title, -1 where there is none."""
    return text_of(doc).find("\n")
