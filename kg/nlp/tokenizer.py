"""The tokenizer: spaCy's English rules, splitting also where scientific text glues words together."""

from collections.abc import Callable

from spacy.lang.en import English
from spacy.language import Language
from spacy.tokenizer import Tokenizer
from spacy.util import compile_infix_regex, compile_prefix_regex, compile_suffix_regex, registry

_PREFIXES = [
    r"\\(?:textbf|textit|texttt|textsc|emph|mathrm|mathbf|text|url|href)",
    r"(?:extit|emph|textbf|textit|texttt|textsc)(?=\{)",  # the same where the backslash was lost
    r"\\",
    r"-(?=[a-z])",
    r"i+\)",
]
_INFIXES = [
    r"""[~(){}\[\]$\\^/:;|<>=,"`+*•…–—−±]""",  # `MLPs~(`, `error(MAE)`, `NeRF)-based`
    r"--+",
    r"(?<=[a-z0-9)])[.?!](?=[A-Z(])",  # a sentence glued to the next: `dataset.We`
    r"(?<=[A-Z]{2})\.(?=[A-Z][a-z])",  # `COCO.Codes`
    r"(?<=[^\W\d_])-(?=[^\W\d_])",
    r"(?<=[\w)])-(?=[a-z]{3,})",  # `CIFAR-10-based`, but not `CIFAR-10`
]
_SUFFIXES = [
    "%",
    r"(?<=-\w)\.",  # spaCy keeps the full stop after a lone capital: `HumanEva-I.`
    r"(?<=\w\w)\.",
    r"-",
    r"\\",
]


@registry.tokenizers("kg.Tokenizer.v1")
def create_tokenizer() -> Callable[[Language], Tokenizer]:
    """Returns what spaCy's config expects under `[nlp.tokenizer]`: a function from pipeline to tokenizer.

    >>> import spacy
    >>> nlp = spacy.blank("en", config={"nlp": {"tokenizer": {"@tokenizers": "kg.Tokenizer.v1"}}})
    >>> [token.text for token in nlp("a graph network~(GN) on ImageNet-1K.")]
    ['a', 'graph', 'network', '~', '(', 'GN', ')', 'on', 'ImageNet-1K', '.']
    """
    defaults = English.Defaults
    # spaCy splits units of measure from numbers, which would tear `ImageNet-1K` apart.
    suffixes = [rule for rule in defaults.suffixes or () if "km²" not in str(rule)]
    # spaCy remembers how it split a word only up to the first exception of a text; its exceptions for white space change no
    # token, but one of them would be the line break behind every title.
    exceptions = {text: tokens for text, tokens in (defaults.tokenizer_exceptions or {}).items() if not text.isspace()}

    def tokenizer(nlp: Language) -> Tokenizer:
        return Tokenizer(
            nlp.vocab,
            rules=exceptions,
            prefix_search=compile_prefix_regex([*_PREFIXES, *(defaults.prefixes or ())]).search,
            suffix_search=compile_suffix_regex([*_SUFFIXES, *suffixes]).search,
            infix_finditer=compile_infix_regex([*_INFIXES, *(defaults.infixes or ())]).finditer,
            token_match=defaults.token_match,
            url_match=defaults.url_match,
        )

    return tokenizer
