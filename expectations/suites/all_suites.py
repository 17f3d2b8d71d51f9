"""Every suite of the audit, in the order of the tables."""

from collections.abc import Callable
from typing import Final

from great_expectations import ExpectationSuite

from expectations.rules.thresholds import Thresholds
from expectations.suites.dimensions import (
    dim_actor,
    dim_author,
    dim_category,
    dim_classifier,
    dim_date,
    dim_document,
    dim_place,
    dim_run,
    dim_source,
)
from expectations.suites.facts import (
    bridge_article_author,
    bridge_article_story,
    document_segment,
    fact_article,
    fact_article_pair,
    fact_classification,
    fact_evidence,
    fact_mention,
    fact_occurrence,
    fact_quantity,
    path_outcome,
    quarantine,
)

SUITES: Final[dict[str, Callable[[Thresholds], ExpectationSuite]]] = {
    "dim_run": dim_run.build,
    "dim_source": dim_source.build,
    "dim_author": dim_author.build,
    "dim_place": dim_place.build,
    "dim_actor": dim_actor.build,
    "dim_date": dim_date.build,
    "dim_category": dim_category.build,
    "dim_classifier": dim_classifier.build,
    "dim_document": dim_document.build,
    "fact_article": fact_article.build,
    "bridge_article_author": bridge_article_author.build,
    "document_segment": document_segment.build,
    "fact_occurrence": fact_occurrence.build,
    "fact_classification": fact_classification.build,
    "fact_evidence": fact_evidence.build,
    "fact_mention": fact_mention.build,
    "fact_quantity": fact_quantity.build,
    "fact_article_pair": fact_article_pair.build,
    "bridge_article_story": bridge_article_story.build,
    "quarantine": quarantine.build,
    "path_outcome": path_outcome.build,
    "label_mix": fact_classification.build_label_mix,
    "silent_source": dim_source.build_silence,
}
