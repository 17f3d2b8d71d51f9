"""Every number that an expectation compares with, its unit in its name."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Thresholds:
    """Limits of the audit; a run may be judged with others.

    Attributes:
        earliest_published_date: Older news is taken for a misread date.
        few_failures: So many failing rows are never taken for a run that is wrong.
        most_failures_ratio: Beyond this a run is wrong as a whole.
        short_body_words: Below this a text says little about its category.
        short_body_max_ratio: Articles of a run that may be that short.
        unknown_source_max_ratio: Articles of a run that may lack a source.
        low_boundary_score: Below this an article's boundaries are a guess.
        low_boundary_max_ratio: Occurrences of a run that may score so low.
        weight_sum_tolerance: Room for rounding in sums that should be 1.
        label_mix_days: Days before the run that its labels are compared with.
        label_mix_min_articles: Fewer on either side are not compared.
        label_mix_max_change: Change of one category's share, 0-1.
        band_min_documents: Earlier documents that a source needs to have a usual size.
        band_factor: How far beyond its smallest and largest document one may go.
        daily_min_days: Days with news that a source needs to be a daily one.
        silent_min_days: Days without news before such a source is silent.
        silent_min_gaps: The same in usual gaps of the source.
        silent_min_later_days: Days with news of others that this takes.
        silent_max_days: After so many days it is no news.
    """

    earliest_published_date: date = date(1600, 1, 1)
    few_failures: int = 4
    most_failures_ratio: float = 0.5
    short_body_words: int = 75
    short_body_max_ratio: float = 0.25
    unknown_source_max_ratio: float = 0.05
    low_boundary_score: float = 0.5
    low_boundary_max_ratio: float = 0.10
    weight_sum_tolerance: float = 1e-6
    label_mix_days: int = 28
    label_mix_min_articles: int = 200
    label_mix_max_change: float = 0.15
    band_min_documents: int = 5
    band_factor: float = 2.0
    daily_min_days: int = 14
    silent_min_days: int = 7
    silent_min_gaps: int = 2
    silent_min_later_days: int = 5
    silent_max_days: int = 365


DEFAULT = Thresholds()
