"""The audit: every suite over the staged rows, on the loader's own connection.

First `expectations.screens` makes a narrow table per table that is judged, then Great
Expectations holds against it what its suite in `expectations.suites` says.
"""

import logging
import time
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Final

import duckdb
import polars as pl
from great_expectations import ExpectationSuite

from expectations.gx.duckdb_datasource import lend
from expectations.gx.judge import Judgement, judge
from expectations.gx.suspects import find_suspects
from expectations.rules.thresholds import DEFAULT, Thresholds
from expectations.rules.vocabulary import Consequence, rule_of
from expectations.screens.screens import make_screens
from expectations.suites.all_suites import SUITES
from transforms.errors import AuditBrokenError

logger = logging.getLogger(__name__)

RESULTS: Final = {
    "code": pl.String(),
    "table_name": pl.String(),
    "description": pl.String(),
    "severity": pl.String(),
    "consequence": pl.String(),
    "success": pl.Boolean(),
    "element_count": pl.Int64(),
    "unexpected_count": pl.Int64(),
    "observed": pl.String(),
    "runbook": pl.String(),
}
FAILING_ROWS: Final = {
    "expectation_code": pl.String(),
    "article_key": pl.Int64(),
    "document_key": pl.Int64(),
    "file_name": pl.String(),
    "char_start": pl.Int64(),
    "char_end": pl.Int64(),
    "detail": pl.String(),
}
FAILING_DOCUMENTS: Final = {
    "expectation_code": pl.String(),
    "document_key": pl.Int64(),
    "detail": pl.String(),
}


@dataclass(frozen=True)
class AuditReport:
    """What the audit found.

    Attributes:
        results: One row per expectation (RESULTS).
        failing_rows: One row per appearance of an article that has to be held back
            and per expectation that it fails (FAILING_ROWS).
        failing_documents: One row per document that has to be held back and per
            expectation that it fails (FAILING_DOCUMENTS).
        failed_critical: Codes whose failure forbids publishing: the run as a whole is
            wrong.
    """

    results: pl.DataFrame
    failing_rows: pl.DataFrame
    failing_documents: pl.DataFrame
    failed_critical: list[str]

    @property
    def unsettled(self) -> list[str]:
        """Codes that may hold once the failing articles are gone."""
        of_documents = self.failing_documents["expectation_code"]
        of_articles = self.failing_rows["expectation_code"]
        return sorted({*self.failed_critical, *of_documents} - {*of_articles})

    def settled_by(self, later: "AuditReport") -> "AuditReport":
        """The same with what a later audit of some expectations says of these."""
        of_articles = {*self.failing_rows["expectation_code"]}
        return AuditReport(
            self.results.update(later.results, on="code"),
            self.failing_rows,
            later.failing_documents,
            [c for c in self.failed_critical if c in of_articles]
            + later.failed_critical,
        )

    @property
    def first_place(self) -> str:
        """Where the first article is whose failure forbids publishing, if any does."""
        is_one = pl.col("expectation_code").is_in(self.failed_critical)
        places = self.failing_rows.filter(is_one, pl.col("file_name").is_not_null())
        if places.is_empty():
            return ""
        file_name, start, end = places.row(0)[-4:-1]
        return f"{file_name}, characters {start} to {end}"

    def count_checks(self) -> dict[str, int]:
        """How many `passed`, `warned`, and `failed`, which forbids publishing."""
        failed = len(self.failed_critical)
        not_passed = len(self.results.filter(~pl.col("success")))
        return {
            "passed": len(self.results) - not_passed,
            "warned": not_passed - failed,
            "failed": failed,
        }

    def describe(self) -> str:
        """How many checks passed and did not, and how many articles are held back."""
        said = "{passed} checks passed, {warned} warned, {failed} failed"
        held = f"{self.failing_rows['article_key'].n_unique()} articles"
        documents = self.failing_documents["document_key"].n_unique()
        held += f" and {documents} documents" * bool(documents)
        return f"{said.format_map(self.count_checks())}, {held} to hold back"


def audit(
    connection: duckdb.DuckDBPyConnection,
    *,
    run_date: date,
    limits: Thresholds = DEFAULT,
    codes: Collection[str] = (),
) -> AuditReport:
    """Judge the rows in schema `staging`, beside what `main` holds already.

    Reads committed and uncommitted rows alike, leaves the transaction as it is, and
    removes its own temporary tables.

    Args:
        connection: Open, holding the schemas staging and main.
        run_date: Day of the run, UTC; news cannot be younger.
        limits: What the expectations compare with.
        codes: Expectations to check; none means all of them.

    Returns:
        One result per expectation, in the order of the suites.

    Raises:
        AuditBrokenError: A screen or an expectation could not be evaluated. An open
            transaction is then aborted, and the caller rolls it back.
    """
    suites = _choose(codes, limits)
    parameters = {"run_date": run_date, **vars(limits)}
    started = time.perf_counter()
    judgements: list[Judgement] = []
    with (
        make_screens(connection, list(suites), parameters) as tables,
        lend(connection, tables) as batches,
    ):
        row_counts = [_count_rows(connection, table) for table in tables]
        logger.info(
            "%d rows in %d screens, made in %.1f s",
            sum(row_counts),
            len(tables),
            time.perf_counter() - started,
        )
        by_table = dict(zip(tables, suites.values(), strict=True))
        suspects = find_suspects(batches[0], by_table) if by_table else set()
        for table, batch, row_count in zip(tables, batches, row_counts, strict=True):
            is_suspect = table in suspects
            suite = by_table[table]
            judgements += judge(batch, suite, row_count, is_suspect=is_suspect)
        failing = [j for j in judgements if j.failing_query and not j.success]
        articles = [
            _find_failing_rows(connection, judgement)
            for judgement in failing
            if judgement.rule.held_by == "article_key"
        ]
        documents = [
            _find_failing_documents(connection, judgement)
            for judgement in failing
            if judgement.rule.held_by == "document_key"
        ]
    report = AuditReport(
        _frame_results(judgements),
        pl.concat([pl.DataFrame(schema=FAILING_ROWS), *articles]),
        pl.concat([pl.DataFrame(schema=FAILING_DOCUMENTS), *documents]),
        [j.rule.code for j in judgements if _forbids_publishing(j, limits)],
    )
    _log(report, seconds=time.perf_counter() - started)
    return report


def _choose(codes: Collection[str], limits: Thresholds) -> dict[str, ExpectationSuite]:
    """Suites by their screens, with the asked expectations alone."""
    suites = {screen: build(limits) for screen, build in SUITES.items()}
    if not codes:
        return suites
    for suite in suites.values():
        suite.expectations = [
            expectation
            for expectation in suite.expectations
            if rule_of(expectation).code in codes
        ]
    return {screen: suite for screen, suite in suites.items() if suite.expectations}


def _count_rows(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    query = f"SELECT count(*) FROM temp.{table}"  # noqa: S608  ours
    (count,) = connection.execute(query).fetchall()[0]
    return int(count)


def _find_failing_rows(
    connection: duckdb.DuckDBPyConnection, judgement: Judgement
) -> pl.DataFrame:
    """All appearances of the articles that fail one expectation (FAILING_ROWS).

    The lists in a result of Great Expectations stop at 20 or 200 rows, whatever is
    asked for; its query and its count do not.
    """
    select, code = judgement.failing_query, judgement.rule.code
    failing = _ask(connection, judgement)
    places = connection.sql(
        "SELECT article_key, document_key, file_name, char_start, char_end "  # noqa: S608
        f"FROM staging.fact_occurrence SEMI JOIN ({select}) USING (article_key) "
        "LEFT JOIN staging.dim_document USING (document_key)"
    ).pl()
    column = failing.columns[-1]
    return (
        failing.join(places, on="article_key", how="left")
        .select(
            pl.lit(code).alias("expectation_code"),
            "article_key",
            "document_key",
            "file_name",
            "char_start",
            "char_end",
            pl.format("{} is {}", pl.lit(column), pl.col(column)).alias("detail"),
        )
        .sort("article_key", "document_key", "char_start")
        .match_to_schema(FAILING_ROWS, integer_cast="upcast")
    )


def _find_failing_documents(
    connection: duckdb.DuckDBPyConnection, judgement: Judgement
) -> pl.DataFrame:
    """The documents that fail one expectation, each once (FAILING_DOCUMENTS)."""
    failing = _ask(connection, judgement)
    column = failing.columns[-1]
    return (
        failing.unique("document_key", keep="first")
        .select(
            pl.lit(judgement.rule.code).alias("expectation_code"),
            "document_key",
            pl.format(
                "{} is {}", pl.lit(column), pl.col(column).cast(pl.String).fill_null("")
            ).alias("detail"),
        )
        .sort("document_key")
        .match_to_schema(FAILING_DOCUMENTS, integer_cast="upcast")
    )


def _ask(connection: duckdb.DuckDBPyConnection, judgement: Judgement) -> pl.DataFrame:
    failing = connection.sql(judgement.failing_query).pl()
    if len(failing) != judgement.failing_count:
        raise AuditBrokenError(
            judgement.rule.code,
            f"{len(failing)} failing rows found, {judgement.failing_count} counted",
        )
    return failing


def _forbids_publishing(judgement: Judgement, limits: Thresholds) -> bool:
    """Whether the run as a whole is wrong, and not some articles or documents."""
    if judgement.success or not judgement.rule.is_critical_of_some:
        return not judgement.success and judgement.rule.consequence == Consequence.BLOCK
    most = limits.most_failures_ratio * judgement.row_count
    return judgement.failing_count > max(limits.few_failures, most)


def _frame_results(judgements: list[Judgement]) -> pl.DataFrame:
    results = [
        {
            "code": judgement.rule.code,
            "table_name": judgement.rule.code.partition(".")[0],
            "description": judgement.rule.description,
            "severity": judgement.rule.severity,
            "consequence": judgement.rule.consequence.value,
            "success": judgement.success,
            "element_count": judgement.row_count,
            "unexpected_count": judgement.failing_count,
            "observed": judgement.observed,
            "runbook": judgement.rule.runbook,
        }
        for judgement in judgements
    ]
    return pl.DataFrame(results, schema=RESULTS)


def _log(report: AuditReport, seconds: float) -> None:
    failed = report.results.filter(~pl.col("success"))
    for code, consequence, observed in failed.select(
        "code", "consequence", "observed"
    ).iter_rows():
        logger.info("%s fails in %s rows: %s", code, observed, consequence)
    logger.info("%s, in %.1f s", report.describe(), seconds)
