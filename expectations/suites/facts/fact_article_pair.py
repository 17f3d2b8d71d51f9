"""What must be true of each new pair of near-duplicates."""

from typing import Final

from great_expectations import ExpectationSuite

from expectations.rules.thresholds import Thresholds
from expectations.rules.vocabulary import block, suite, true, unique

_LOOK: Final = "Look at measure_pairs in transforms/deduplicate/near_duplicates.py."


def build(_: Thresholds) -> ExpectationSuite:
    """Fresh expectations over the screen `fact_article_pair`."""
    return suite(
        "fact_article_pair",
        true(
            "is_article_resolved",
            block(
                "articles_resolve",
                "Both articles of every pair are there",
                "Stories must be linked again after articles were set aside.",
            ),
        ),
        true(
            "is_ordered",
            block(
                "keys_in_order",
                "Every pair names the smaller key first, and two different articles",
                "Look at warehouse/sql/link/candidates.sql.",
            ),
        ),
        unique(
            ["article_key", "other_article_key"],
            block("pair_unique", "No pair is found twice", _LOOK),
        ),
        true(
            "is_containment_a_share",
            block("containment_in_range", "Containment is between 0 and 1", _LOOK),
        ),
        true(
            "is_resemblance_a_share",
            block(
                "resemblance_in_range",
                "Resemblance is between 0 and containment",
                _LOOK,
            ),
        ),
    )
