"""Judging in two steps says what Great Expectations says when asked for all counts."""

from datetime import date

import pytest

from expectations.audit import audit
from expectations.gx.duckdb_datasource import lend
from expectations.gx.judge import judge
from expectations.gx.suspects import find_suspects
from expectations.rules.thresholds import DEFAULT
from expectations.rules.vocabulary import block, rule_of, suite, true
from expectations.screens.screens import make_screens
from expectations.suites.all_suites import SUITES
from tests.gate import sampled
from transforms.errors import AuditBrokenError

COUNTS = {"result_format": "BASIC", "partial_unexpected_count": 0}
RUN_DATE = date(2022, 1, 7)
DAMAGES = {
    "none": "SELECT 1",
    "some rows": "UPDATE staging.fact_article SET confidence = 2, word_count = 3 "
    "WHERE title = 'Dam fills early'",
    "within a tolerance": "INSERT INTO staging.fact_article "
    "SELECT article.* REPLACE (if(number = 0, 3, 200) AS word_count) "
    "FROM staging.fact_article AS article, range(9) AS numbers(number)",
    "no rows": "DELETE FROM staging.fact_article",
    "nulls": "UPDATE staging.fact_article SET article_key = NULL, title = ''",
}


@pytest.mark.parametrize("damage", sampled(DAMAGES, keep=2))
def test_two_steps_find_what_one_step_finds(staged, damage):
    staged.execute(DAMAGES[damage])
    at_once, in_steps = {}, {}

    with (
        make_screens(
            staged, list(SUITES), {"run_date": RUN_DATE, **vars(DEFAULT)}
        ) as tables,
        lend(staged, tables) as batches,
    ):
        suites = [build(DEFAULT) for build in SUITES.values()]
        by_table = dict(zip(tables, suites, strict=True))
        suspects = find_suspects(batches[0], by_table)
        for batch, table, build in zip(batches, tables, SUITES.values(), strict=True):
            for outcome in batch.validate(build(DEFAULT), result_format=COUNTS).results:
                at_once[outcome.expectation_config.meta["code"]] = (
                    outcome.success,
                    outcome.result["element_count"],
                    outcome.result["unexpected_count"] or 0,  # null in an empty table
                )
            row_count = len(staged.table(f"temp.{table}"))
            for judgement in judge(
                batch, build(DEFAULT), row_count, is_suspect=table in suspects
            ):
                in_steps[judgement.rule.code] = (
                    judgement.success,
                    judgement.row_count,
                    judgement.failing_count,
                )

    assert in_steps == at_once


def test_judgements_come_in_the_order_of_the_suites(staged):
    codes = audit(staged, run_date=RUN_DATE).results["code"].to_list()

    assert codes == [
        rule_of(expectation).code
        for build in SUITES.values()
        for expectation in build(DEFAULT).expectations
    ]


def test_expectation_that_cannot_be_evaluated_is_no_failure_of_rows(staged):
    rule = block("typo", "There is such a column", "Correct the suite.")
    staged.execute("CREATE TEMP TABLE one AS SELECT 1 AS number")

    with (
        lend(staged, ["one"]) as (batch,),
        pytest.raises(AuditBrokenError, match=r"table\.typo could not be checked"),
    ):
        list(judge(batch, suite("table", true("no_such_column", rule)), 1))
