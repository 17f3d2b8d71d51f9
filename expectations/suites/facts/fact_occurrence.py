"""What must be true of each new appearance of an article in a document."""

from great_expectations import ExpectationSuite

from expectations.rules.thresholds import Thresholds
from expectations.rules.vocabulary import (
    between,
    block,
    contain,
    suite,
    true,
    unique,
    warn,
)


def build(limits: Thresholds) -> ExpectationSuite:
    """Fresh expectations over the screen `fact_occurrence`."""
    return suite(
        "fact_occurrence",
        true(
            "is_article_resolved",
            contain(
                "article_resolves",
                "Every appearance is one of an article",
                "Rows of different batches were mixed; look at build_star.",
            ),
        ),
        true(
            "is_document_resolved",
            contain(
                "document_resolves",
                "Every appearance is in a document",
                "Rows of different batches were mixed; look at build_star.",
            ),
        ),
        true(
            "is_run_resolved",
            block(
                "run_resolves",
                "Every appearance was loaded by a run",
                "The run's own row must be staged before the audit.",
            ),
        ),
        unique(
            ["document_key", "char_start"],
            block(
                "place_unique",
                "One appearance per document and place",
                "A batch was staged twice, or the document was staged again.",
            ),
        ),
        true(
            "is_span_in_document",
            contain(
                "span_in_document",
                "Every span is at least one character and lies in its document",
                "Character and byte offsets were mixed; look at transforms/split/.",
            ),
        ),
        true(
            "is_text_there",
            contain(
                "text_is_there",
                "Every appearance starts a stretch of its document's text",
                "Look at cut_documents in transforms/star/document_segments.py.",
            ),
        ),
        true(
            "is_span_free",
            contain(
                "spans_do_not_overlap",
                "No two articles of a document share a character",
                "Look at the boundaries of transforms/split/ for that document.",
            ),
        ),
        true(
            "is_ordinal_in_order",
            contain(
                "ordinal_in_order",
                "Ordinals count the articles of a document from 1 in their order",
                "An article was dropped after the split without closing the gap.",
            ),
        ),
        true(
            "is_boundary_score_a_share",
            contain(
                "boundary_score_in_range",
                "The boundary score is between 0 and 1",
                "Look at the scores of transforms/split/split.py.",
            ),
        ),
        between(
            "boundary_score",
            warn(
                "boundaries_certain",
                f"At most {limits.low_boundary_max_ratio:.0%} of the boundaries score "
                f"below {limits.low_boundary_score}",
                "A new layout? Check the least certain spans by eye.",
            ),
            low=limits.low_boundary_score,
            mostly=1 - limits.low_boundary_max_ratio,
        ),
    )
