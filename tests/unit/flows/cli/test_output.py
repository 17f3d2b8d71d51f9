import io

import polars as pl
from rich.console import Console

from flows.cli.output import print_summary
from flows.tasks.summary import RunSummary
from flows.tasks.summary_text import summary_markdown
from transforms.contracts import REJECTS

HELD_BACK = pl.DataFrame(
    [{"path": "bad\x1b[31m.txt", "reason_code": "binary", "detail": "<b>|NUL"}],
    schema=REJECTS,
)


def a_summary(**changes):
    facts = {
        "run_id": "r1",
        "flow_run_id": None,
        "status": "published",
        "files": {"found": 2, "new": 1, "known": 0, "held_back": 1},
        "articles_new": 9,
        "occurrences_new": 9,
        "categories": {"crisis": 4, "crime": 5},
        "checks": {"passed": 30, "warned": 1},
        "warnings": ["source_unknown_share: 0.5"],
        "characters": {
            "total": 100,
            "articles": 90,
            "separators": 10,
            "quarantined": 0,
        },
        "held_back": HELD_BACK,
        "seconds": {"split": 0.5, "total": 1.25},
        "warehouse": "w.duckdb",
    }
    return RunSummary(**(facts | changes))


def printed(summary):
    console = Console(file=io.StringIO(), width=120)
    print_summary(summary, console)
    return console.file.getvalue()


def test_summary_names_counts_checks_and_characters():
    shown = printed(a_summary())

    for part in ("2 found", "9 new", "crisis 4", "passed 30", "100 = 90", "1.2 s"):
        assert part in shown


def test_summary_shows_what_was_held_back_without_control_characters():
    shown = printed(a_summary())

    assert "binary" in shown
    assert "\x1b" not in shown


def test_long_list_of_held_back_says_how_many_more():
    many = pl.concat([HELD_BACK] * 12)

    assert "and 2 more" in printed(a_summary(held_back=many))


def test_nothing_new_says_so():
    assert "0 new" in printed(a_summary(status="nothing_new", articles_new=0))


def test_markdown_of_hostile_names_stays_text():
    shown = summary_markdown(a_summary())

    assert "<b>" not in shown.replace("\\<b", "")


def test_markdown_says_what_to_do_about_checks_that_did_not_pass():
    check = {
        "code": "fact_article.source_known",
        "observed": "1 of 2",
        "description": "A source is in the list",
        "runbook": "Add <it> to the list.",
    }

    shown = summary_markdown(a_summary(), [check])

    assert "A source is in the list. Add \\<it\\> to the list" in shown


def test_headline_tells_what_was_held_back_before_from_what_is_new():
    many = pl.concat([HELD_BACK] * 3)

    headline = a_summary(held_back=many, held_before=2).headline

    assert headline.endswith("9 new articles, 1 held back, 2 still held back")


def test_json_holds_plain_values():
    plain_values = a_summary().as_json()

    assert plain_values["held_back"][0]["reason_code"] == "binary"
    assert plain_values["headline"] == "1 new files, 9 new articles, 1 held back"
