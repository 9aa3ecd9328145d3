"""Whether a text is of the kind that the pipeline was made for: English, and about machine learning."""

import re

from kg.schema import Extraction

# What English consists of for a third: articles, prepositions, pronouns, auxiliary verbs; without those that others have too,
# such as "in", "on" and "a".
_FUNCTION_WORDS = frozenset(
    "and are as at be been by can for from has have is it its not of or our that the their these this to we which with".split()
)
# Of 87,243 English abstracts on machine learning the least has 0.10, of 25 in twenty other languages the most has 0.03.
_LEAST_SHARE = 0.06
_WORD = re.compile(r"[^\W\d_]+")
# Fewer words prove nothing: long titles do without function words.
_FEWEST_WORDS = 30
_FEWEST_LETTERS = 20
_OF_THE_FIELD = frozenset(
    "classification classifier classifiers dataset datasets learning neural trained training".split()  # as few as do
)


def is_english(text: str) -> bool:
    """Whether a text is in English, by its function words; one too short to tell is taken for it.

    >>> is_english("We propose a network for the recognition of objects in images and test it on ImageNet. " * 2)
    True
    >>> is_english("Wir stellen ein Netz zur Erkennung von Objekten in Bildern vor und testen es an ImageNet. " * 2)
    False
    >>> is_english("基于深度学习的图像分类方法 ResNet 本文提出了一种图像分类方法")
    False
    """
    words = _WORD.findall(text.lower())
    letters = "".join(words)
    beyond_ascii = len(letters) - len(letters.encode("ascii", "ignore"))
    if 2 * beyond_ascii > max(len(letters), _FEWEST_LETTERS):  # of another script
        return False
    return len(words) < _FEWEST_WORDS or sum(map(_FUNCTION_WORDS.__contains__, words)) >= _LEAST_SHARE * len(words)


def is_on_topic(extraction: Extraction) -> bool:
    """Whether a paper may be about machine learning: it names two things, or uses a word of the field.

    One too short to tell is taken for it. Of 633 papers on Hugging Face's pages all are; of 24 abstracts from other fields one
    is, of four more that use such a word, as those of medicine and education do, three.

    >>> import kg
    >>> law = "States freeze the assets of foreign central banks. This article asks whether such a measure breaks the law. " * 3
    >>> learning = "We train a convolutional neural network for image classification and test it on ImageNet. " * 3
    >>> papers = kg.read([{"title": "Assets", "abstract": law}, {"title": "Images", "abstract": learning}])
    >>> [is_on_topic(found) for found in kg.extract(papers)]
    [False, True]
    """
    if len({mention.text.casefold() for mention in extraction.mentions}) > 1:
        return True
    words = _WORD.findall(extraction.paper.text.lower())
    return len(words) < _FEWEST_WORDS or not _OF_THE_FIELD.isdisjoint(words)
