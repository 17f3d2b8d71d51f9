"""What must be true of each new distinct article."""

from great_expectations import ExpectationSuite
from great_expectations.expectations import Expectation

from expectations.rules.thresholds import Thresholds
from expectations.rules.vocabulary import (
    between,
    block,
    contain,
    one_of,
    present,
    quarantine,
    suite,
    true,
    unique,
    warn,
)
from transforms.contracts import DateBasis, TitleBasis

_RESOLVED = {
    "source": "source",
    "author": "author",
    "agency": "agency",
    "place": "place",
    "category": "category",
    "published_date": "publication date",
    "published_from": "lower bound of the publication date",
    "published_to": "upper bound of the publication date",
    "event_date": "event date",
    "first_document": "first document",
    "classifier": "classifier version",
    "run": "run",
}

# One member of each for all articles of a run.
_OF_THE_RUN = ("classifier", "run")


def build(limits: Thresholds) -> ExpectationSuite:
    """Fresh expectations over the screen `fact_article`."""
    return suite(
        "fact_article",
        *_identity(),
        *_links(),
        *_text(limits),
        *_dates(),
        *_measures(limits),
        *_publishers(),
    )


def _identity() -> list[Expectation]:
    return [
        present(
            "article_key",
            block(
                "key_present",
                "Every article has a key",
                "transforms/deduplicate/ gave a row no key; run its tests.",
            ),
        ),
        unique(
            ["article_key"],
            block(
                "key_unique",
                "One row per distinct article",
                "A batch was staged twice, or star.py forgot to merge reprints.",
            ),
        ),
        true(
            "is_article_id_sha256",
            contain(
                "id_is_sha256",
                "The article's identity is 64 hex digits",
                "Look at article_identity in transforms/keys.py.",
            ),
        ),
        true(
            "is_key_of_article_id",
            contain(
                "key_from_id",
                "The key is the first 63 bits of the identity",
                "Look at key_from_sha256 in transforms/keys.py.",
            ),
        ),
        true(
            "is_key_free_of_collision",
            contain(
                "key_free_of_collision",
                "No published article has this key and another identity",
                "Two texts share 63 bits: keep both files and report it.",
            ),
        ),
    ]


def _links() -> list[Expectation]:
    return [
        true(
            f"is_{role}_resolved",
            (block if role in _OF_THE_RUN else contain)(
                f"{role}_resolves",
                f"The {words} of every article is in its dimension",
                "build_star left a member out; compare staging with the dimension.",
            ),
        )
        for role, words in _RESOLVED.items()
    ] + [
        true(
            "is_occurrence_count_right",
            contain(
                "occurrence_count_right",
                "occurrence_count counts the rows of fact_occurrence",
                "Compare staging.fact_occurrence with the count in build_star.",
            ),
        ),
        true(
            "is_category_the_primary_label",
            contain(
                "category_is_primary",
                "The category is the primary label of the same classifier",
                "Compare staging.fact_classification with fact_article.",
            ),
        ),
    ]


def _text(limits: Thresholds) -> list[Expectation]:
    return [
        between(
            "title_chars",
            quarantine(
                "title_not_empty",
                "An article has a title",
                "See the span with `newsmill quarantine`; the split rules missed it.",
            ),
            low=1,
        ),
        true(
            "is_title_no_trailer",
            quarantine(
                "title_is_no_trailer",
                "A title is not a footer, a source line, or a copyright line",
                "The article began too early; add its pattern to the split rules.",
            ),
        ),
        one_of(
            "title_basis",
            [basis.value for basis in TitleBasis],
            contain(
                "title_basis_known",
                "title_basis says what the title is, from a closed list",
                "A new basis needs a place in TitleBasis of transforms/contracts.py.",
            ),
        ),
        between(
            "body_chars",
            quarantine(
                "body_not_empty",
                "An article has a body",
                "See the span with `newsmill quarantine`: a headline without text?",
            ),
            low=1,
        ),
        true(
            "is_body_whole",
            contain(
                "body_adds_up",
                "The pieces that a body is put together from are as long as the body",
                "Look at split_at_runs in transforms/star/document_segments.py.",
            ),
        ),
        between(
            "word_count",
            warn(
                "body_long_enough",
                f"Bodies have at least {limits.short_body_words} words",
                "Short texts are hard to classify; look at the least certain ones.",
                "info",
            ),
            low=limits.short_body_words,
            mostly=1 - limits.short_body_max_ratio,
        ),
    ]


def _dates() -> list[Expectation]:
    return [
        true(
            "is_published_in_time",
            quarantine(
                "published_in_time",
                "The publication date is not after the run and not before 1600",
                "`newsmill explain` shows where the date was read; correct the rule.",
            ),
        ),
        one_of(
            "date_basis",
            [basis.value for basis in DateBasis],
            contain(
                "date_basis_known",
                "date_basis says how the date was found, from a closed list",
                "A new basis needs a place in DateBasis of transforms/contracts.py.",
            ),
        ),
        true(
            "is_date_basis_consistent",
            contain(
                "date_basis_consistent",
                "A date has a basis, and no date has the basis unknown",
                "Look at transforms/extract_metadata/extract_metadata.py.",
            ),
        ),
        true(
            "are_bounds_in_order",
            contain(
                "published_bounds_in_order",
                "Both bounds of a publication date are there or none, and hold the day",
                "Look at transforms/extract_metadata/dates/posterior.py.",
            ),
        ),
        true(
            "is_stated_date_founded",
            contain(
                "stated_date_founded",
                "A stated date has a record, a header, or a dateline as its basis, "
                "and is its own bounds",
                "Look at transforms/extract_metadata/dates/article_dates.py.",
            ),
        ),
    ]


def _measures(limits: Thresholds) -> list[Expectation]:
    return [
        true(
            "is_confidence_a_share",
            contain(
                "confidence_in_range",
                "Confidence is between 0 and 1",
                "The calibration in transforms/classify/classify.py left its range.",
            ),
        ),
        true(
            "are_counts_plausible",
            contain(
                "counts_plausible",
                "Words, characters, paragraphs, and occurrences are counted",
                "Look at the counts in transforms/clean/clean.py.",
            ),
        ),
        between(
            "source_key",
            warn(
                "source_known",
                f"At most {limits.unknown_source_max_ratio:.0%} of the articles "
                "lack a source",
                "Add the publisher and its aliases to seeds/reference.",
            ),
            low=1,
            mostly=1 - limits.unknown_source_max_ratio,
        ),
    ]


def _publishers() -> list[Expectation]:
    """A wrong publisher is worse than none, because people count by it."""
    return [
        true(
            f"is_source_no_{role}",
            warn(
                f"source_is_no_{role}",
                f"A publisher is not {words}",
                "`newsmill explain` shows the lines; look at "
                "transforms/extract_metadata/find_sources.py.",
            ),
        )
        for role, words in (
            ("title", "the title of its article"),
            ("label", "the label of a field, nor the name of a section"),
            ("author", "the person who wrote the article"),
        )
    ]
