"""`newsmill search`: articles that have the words, each with its best sentence."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from transforms.errors import UsageError
from transforms.search.query import read_query
from transforms.search.sentence import find_sentence
from warehouse.lake.address import find_lake
from warehouse.read.reports import open_reports

# Enough for `newsmill explain` to know one article by.
_ID_CHARS: Final = 10


def search_articles(path: Path, words: str, limit: int) -> list[dict[str, Any]]:
    """The best articles, the best first.

    Args:
        path: The warehouse.
        words: As the user wrote them.
        limit: Articles at most.

    Returns:
        Of each: `article_key`, `article_id`, `score`, `published_date`, `source`,
        `category`, `title`, `sentence`, `marks` (spans of the words in it), `url`,
        `file_name`, and `char_start`, where the sentence starts in that file's text.

    Raises:
        UsageError: What is asked is no query, or the warehouse has no index.
    """
    query = read_query(words)
    if find_lake(path) is not None:
        raise UsageError(
            "search: a lake keeps no index of words",
            "Ask it by `newsmill query`, such as with body ILIKE '%word%'",
        )
    with open_reports(path) as read:
        (sizes,) = read.rows("search_state")
        if sizes["articles"] and not sizes["indexed"]:
            raise UsageError(
                "search: this warehouse has no index of words, as `search` is off",
                "Turn the setting on; the next run that takes a file in makes it",
            )
        rows = read.rows("search", words=query, most=limit)
        keys = [row["article_key"] for row in rows]
        places = read.rows("search_places", article_keys=keys)
        texts = read.rows("search_texts", places=[row["place"] for row in places])
    by_place = {row["place"]: row["text"] for row in texts}
    kept = {
        row["article_key"]: row | {"text": by_place[row["place"]]} for row in places
    }
    return [_with_sentence(row, kept[row["article_key"]]) for row in rows]


def _with_sentence(row: dict[str, Any], kept: Mapping[str, Any]) -> dict[str, Any]:
    matched = row.pop("matched_words")
    title, body = (
        _assembled(kept, kept[f"{part}_runs"] or (), kept[f"{part}_gaps"] or [""])
        for part in ("title", "body")
    )
    found = find_sentence(title, body, matched)
    runs = kept["title_runs"] if found.is_title else kept["body_runs"]
    return {
        **row,
        # Clients that read numbers as floats would round it.
        "article_key": str(row["article_key"]),
        "short_id": row["article_id"][:_ID_CHARS],
        "score": round(row["score"], 3),
        "sentence": found.text,
        "marks": found.marks,
        "marked": found.marked,
        "extract": found.extract,
        "char_start": _place_in_document(found.start, runs),
    }


def _assembled(
    kept: Mapping[str, Any], runs: Sequence[Mapping[str, int]], gaps: Sequence[str]
) -> str:
    """A cleaned title or body, as the macro `assembled` makes it."""
    pieces = []
    for gap, run in zip(gaps, runs, strict=False):
        start = run["char_start"] - kept["segment_start"]
        pieces += [gap, kept["text"][start : start + run["length"]]]
    return "".join([*pieces, gaps[-1]])


def _place_in_document(at: int, runs: Sequence[Mapping[str, int]] | None) -> int | None:
    """Where a character of a title or body stands in its document."""
    before = [run for run in runs or () if run["text_start"] <= at]
    if not before:
        return None
    run = before[-1]
    return run["char_start"] + min(at - run["text_start"], run["length"])
