"""Rules that all tables share whose rows stand at a span of an article."""

from great_expectations.expectations import Expectation

from expectations.rules.vocabulary import between, contain, true

BATCHES_MIXED = "Rows of different batches were mixed; look at build_star."
ASTRAY = "Offsets went astray between the stage and locate; do not publish."


def span_rules(thing: str) -> list[Expectation]:
    """Each is about an article of a document, lies in it, and equals its slice.

    Args:
        thing: What a row is called, such as quote.
    """
    return [
        true(
            "is_article_resolved",
            contain(
                "article_resolves", f"Every {thing} is about an article", BATCHES_MIXED
            ),
        ),
        true(
            "is_document_resolved",
            contain(
                "document_resolves", f"Every {thing} is from a document", BATCHES_MIXED
            ),
        ),
        none_of(
            "wrong_quotes",
            "quotes_equal_slices",
            f"Every {thing} equals its slice of the document",
            ASTRAY,
        ),
        none_of(
            "quotes_outside",
            "quotes_in_article",
            f"Every {thing} lies in an appearance of its article",
            ASTRAY,
        ),
    ]


def none_of(column: str, code: str, description: str, runbook: str) -> Expectation:
    """The screen counts rows that break a rule, and there are none."""
    return between(column, contain(code, description, runbook), high=0)
