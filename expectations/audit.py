"""The audit: every suite over the staged rows, on the loader's own connection.

A screen is a narrow temporary table made by one SQL file: a row per thing to judge,
lengths instead of texts, and yes-or-no answers where a rule needs other tables. The
suites are what Great Expectations holds against it.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from typing import Any, Final

import duckdb
import polars as pl
from great_expectations.core.expectation_suite import ExpectationSuite
from great_expectations.core.expectation_validation_result import (
    ExpectationValidationResult,
)
from great_expectations.datasource.fluent.sql_datasource import TableAsset

from expectations.checks import Consequence
from expectations.duckdb_datasource import ephemeral_context, lend
from expectations.evidence import FOUND, read_texts
from expectations.shortcuts import remembering
from expectations.suites import (
    bridge_article_story,
    dim_author,
    dim_category,
    dim_classifier,
    dim_date,
    dim_document,
    dim_place,
    dim_run,
    dim_source,
    document_segment,
    fact_article,
    fact_article_pair,
    fact_classification,
    fact_evidence,
    fact_occurrence,
    quarantine,
)
from expectations.thresholds import DEFAULT, Thresholds
from transforms.errors import NewsmillError

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

SUITES: Final[dict[str, Callable[[Thresholds], ExpectationSuite]]] = {
    "dim_run": dim_run.build,
    "dim_source": dim_source.build,
    "dim_author": dim_author.build,
    "dim_place": dim_place.build,
    "dim_date": dim_date.build,
    "dim_category": dim_category.build,
    "dim_classifier": dim_classifier.build,
    "dim_document": dim_document.build,
    "fact_article": fact_article.build,
    "document_segment": document_segment.build,
    "fact_occurrence": fact_occurrence.build,
    "fact_classification": fact_classification.build,
    "fact_evidence": fact_evidence.build,
    "fact_article_pair": fact_article_pair.build,
    "bridge_article_story": bridge_article_story.build,
    "quarantine": quarantine.build,
    "label_mix": fact_classification.build_label_mix,
}

# Screens that ask what the texts are like.
_READ_TEXTS: Final = frozenset({"dim_document", "document_segment", "fact_evidence"})
# Counts alone: without values, Great Expectations has no sample to cut short.
_COUNTS: Final = {"result_format": "BASIC", "partial_unexpected_count": 0}
_QUERY: Final = {
    "result_format": "COMPLETE",
    "partial_unexpected_count": 0,
    "unexpected_index_column_names": ["article_key"],
}


class AuditBrokenError(NewsmillError):
    """The audit itself could not run; says nothing about the data."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(code, detail)
        self.code, self.detail = code, detail

    def __str__(self) -> str:
        return f"audit: {self.code} could not be checked: {self.detail}"


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


@contextmanager
def _screens(
    connection: duckdb.DuckDBPyConnection,
    screens: Sequence[str],
    given: dict[str, Any],
) -> Iterator[list[str]]:
    """Make one temporary table per screen, and remove them after."""
    try:
        if _READ_TEXTS & set(screens):
            _read_texts(connection)
        for name in screens:
            _make_screen(connection, name, given)
        yield [f"screen_{name}" for name in screens]
    finally:
        # After an SQL error only the owner's rollback helps, and it drops them too.
        with suppress(duckdb.TransactionException):
            for name in [*(f"screen_{name}" for name in screens), *FOUND]:
                connection.execute(f"DROP TABLE IF EXISTS temp.{name}")


def _read_texts(connection: duckdb.DuckDBPyConnection) -> None:
    try:
        read_texts(connection)
    except duckdb.Error as error:
        raise AuditBrokenError("texts", str(error)) from error


def _make_screen(
    connection: duckdb.DuckDBPyConnection, name: str, given: dict[str, Any]
) -> None:
    select = files("expectations").joinpath("sql", f"{name}.sql").read_text("utf-8")
    names = connection.extract_statements(select)[0].named_parameters
    wanted = {key: given[key] for key in names}
    try:
        described = connection.execute(f"DESCRIBE {select}", wanted).fetchall()
        # A question that SQL answers with null was not answered with yes.
        columns = ", ".join(
            f"coalesce({column}, false) AS {column}" if kind == "BOOLEAN" else column
            for column, kind, *_ in described
        )
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE screen_{name} AS "  # noqa: S608  ours
            f"SELECT {columns} FROM ({select})",
            wanted,
        )
    except duckdb.Error as error:
        raise AuditBrokenError(name, str(error)) from error


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
