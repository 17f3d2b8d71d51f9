"""What must be true of the stretches that a new document's text is stored in."""

from great_expectations import ExpectationSuite

from expectations.rules.thresholds import Thresholds
from expectations.rules.vocabulary import block, contain, suite, true, unique

_LOOK = "Look at cut_documents in transforms/star/document_segments.py."


def build(_: Thresholds) -> ExpectationSuite:
    """Fresh expectations over the screen `document_segment`."""
    return suite(
        "document_segment",
        unique(
            ["document_key", "char_start"],
            block("place_unique", "One stretch per document and place", _LOOK),
        ),
        true(
            "is_document_resolved",
            block("document_resolves", "Every stretch is one of a document", _LOOK),
        ),
        true(
            "is_followed_by_the_next",
            contain(
                "stretches_join",
                "The stretches of a document leave no character out, and none twice",
                _LOOK,
                held_by="document_key",
            ),
        ),
        true(
            "is_start_of_its_article",
            contain(
                "article_starts",
                "A stretch that names an article starts with it",
                _LOOK,
                held_by="document_key",
            ),
        ),
    )
