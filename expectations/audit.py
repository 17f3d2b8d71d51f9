"""The audit: every suite over the staged rows, on the loader's own connection.

A screen is a narrow temporary table made by one SQL file: a row per thing to judge,
lengths instead of texts, and yes-or-no answers where a rule needs other tables. The
suites are what Great Expectations holds against it.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import duckdb
import polars as pl
from great_expectations.core.expectation_suite import ExpectationSuite
from great_expectations.core.expectation_validation_result import (
    ExpectationValidationResult,
)
from great_expectations.datasource.fluent.sql_datasource import TableAsset

from expectations.gx.duckdb_datasource import ephemeral_context, lend
from expectations.gx.import_shortcuts import remembering
from expectations.rules.thresholds import DEFAULT, Thresholds
from expectations.rules.vocabulary import Consequence
from expectations.screens.screens import AuditBrokenError, _screens
from expectations.suites.all_suites import SUITES

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
    "article_key": pl.UInt64(),
    "document_key": pl.UInt64(),
    "char_start": pl.Int64(),
    "char_end": pl.Int64(),
    "detail": pl.String(),
}


# Counts alone: without values, Great Expectations has no sample to cut short.
_COUNTS: Final = {"result_format": "BASIC", "partial_unexpected_count": 0}
_QUERY: Final = {
    "result_format": "COMPLETE",
    "partial_unexpected_count": 0,
    "unexpected_index_column_names": ["article_key"],
}


@dataclass(frozen=True)
class AuditReport:
    """What the audit found.

    Attributes:
        results: One row per expectation (RESULTS).
        failing_rows: One row per appearance of an article that has to be held back
            and per expectation that it fails (FAILING_ROWS).
        failed_critical: Codes whose failure forbids publishing.
    """

    results: pl.DataFrame
    failing_rows: pl.DataFrame
    failed_critical: list[str]


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
    given = {"run_date": run_date, **vars(limits)}
    found: list[dict[str, Any]] = []
    failing = [pl.DataFrame(schema=FAILING_ROWS)]
    with (
        _screens(connection, list(suites), given) as tables,
        lend(connection, ephemeral_context(), tables) as assets,
    ):
        for asset, (screen, suite) in zip(assets, suites.items(), strict=True):
            results = [_result(outcome) for outcome in _validate(asset, suite, _COUNTS)]
            found += results
            failing += [
                _failing_rows(connection, asset, result["code"], SUITES[screen](limits))
                for result in results
                if not result["success"]
                and result["consequence"] == Consequence.QUARANTINE.value
            ]
    blocking = [
        result["code"]
        for result in found
        if not result["success"] and result["consequence"] == Consequence.BLOCK.value
    ]
    return AuditReport(
        pl.DataFrame(found, schema=RESULTS), pl.concat(failing), blocking
    )


def _choose(codes: Collection[str], limits: Thresholds) -> dict[str, ExpectationSuite]:
    suites = {screen: build(limits) for screen, build in SUITES.items()}
    if not codes:
        return suites
    for suite in suites.values():
        suite.expectations = [
            expectation
            for expectation in suite.expectations
            if expectation.meta and expectation.meta["code"] in codes
        ]
    return {screen: suite for screen, suite in suites.items() if suite.expectations}


def _failing_rows(
    connection: duckdb.DuckDBPyConnection,
    asset: TableAsset,
    code: str,
    suite: ExpectationSuite,
) -> pl.DataFrame:
    """All appearances of the articles that fail one expectation.

    The lists in a result of Great Expectations stop at 20 or 200 rows, whatever is
    asked for; its query and its count do not.
    """
    suite.expectations = [
        expectation
        for expectation in suite.expectations
        if expectation.meta and expectation.meta["code"] == code
    ]
    (outcome,) = _validate(asset, suite, _QUERY)
    select = outcome.result["unexpected_index_query"].rstrip(";")
    failing = connection.sql(select).pl()
    if len(failing) != outcome.result["unexpected_count"]:
        raise AuditBrokenError(
            code,
            f"{len(failing)} failing rows found, "
            f"{outcome.result['unexpected_count']} counted",
        )
    places = connection.sql(
        "SELECT article_key, document_key, char_start, char_end "  # noqa: S608
        f"FROM staging.fact_occurrence SEMI JOIN ({select}) USING (article_key)"
    ).pl()
    column = failing.columns[-1]
    return (
        failing.join(places, on="article_key", how="left")
        .select(
            pl.lit(code).alias("expectation_code"),
            "article_key",
            "document_key",
            "char_start",
            "char_end",
            pl.format("{} is {}", pl.lit(column), pl.col(column)).alias("detail"),
        )
        .sort("article_key", "document_key", "char_start")
        .match_to_schema(FAILING_ROWS, integer_cast="upcast")
    )


def _validate(
    asset: TableAsset, expectations: ExpectationSuite, result_format: dict[str, Any]
) -> list[ExpectationValidationResult]:
    """Results of a suite in its own order, which Great Expectations does not keep."""
    order = {
        expectation.meta["code"]: place
        for place, expectation in enumerate(expectations.expectations)
        if expectation.meta
    }
    batch = asset.get_batch(asset.build_batch_request())
    with remembering():
        outcomes = batch.validate(expectations, result_format=result_format).results
    for outcome in outcomes:
        _raise_if_broken(outcome)
    return sorted(outcomes, key=lambda outcome: order[_meta(outcome)["code"]])


def _raise_if_broken(outcome: ExpectationValidationResult) -> None:
    info = outcome.exception_info
    # One entry per metric, or the entry itself when no metric is to blame.
    for entry in [info] if "raised_exception" in info else info.values():
        if entry["raised_exception"]:
            raise AuditBrokenError(
                _meta(outcome)["code"], str(entry["exception_message"])
            )


def _meta(outcome: ExpectationValidationResult) -> dict[str, str]:
    assert outcome.expectation_config is not None
    meta: dict[str, str] = outcome.expectation_config.meta
    return meta


def _result(outcome: ExpectationValidationResult) -> dict[str, Any]:
    config, meta = outcome.expectation_config, _meta(outcome)
    assert config is not None
    elements = int(outcome.result["element_count"])
    unexpected = int(outcome.result["unexpected_count"] or 0)
    return {
        "code": meta["code"],
        "table_name": meta["code"].partition(".")[0],
        "description": config.description,
        "severity": config.severity.value,
        "consequence": meta["consequence"],
        "success": outcome.success,
        "element_count": elements,
        "unexpected_count": unexpected,
        "observed": f"{unexpected} of {elements}",
        "runbook": meta["runbook"],
    }
