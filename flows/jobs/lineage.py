"""`newsmill run --lineage FILE`: what a run read and wrote, as OpenLineage run events.

One JSON object a line, as OpenLineage's own file transport writes them: the start of
the run and its end, and the same of its audit, a job of its own that reads the tables
and has the outcome of every check. The events are written when the run has ended.
"""

import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID, uuid4, uuid5

from flows.process_end import Stopped
from flows.settings import Settings
from flows.tasks.datasets import Dataset, file_dataset, table_dataset
from transforms.errors import NewsmillError, UsageError
from transforms.keys import surrogate_key
from transforms.text.inert import terminal_text
from warehouse.read.formats import inert_json
from warehouse.read.outputs import Outputs
from warehouse.read.reports import Reader, open_reports

if TYPE_CHECKING:
    from flows.tasks.summary import RunSummary

logger = logging.getLogger(__name__)

_MADE_BY: Final = "urn:newsmill:"
EVENTS_SIGNATURE: Final = f'{{"producer": "{_MADE_BY}'.encode()
JOB: Final = "newsmill-ingest"
AUDIT: Final = f"{JOB}.audit"
_SPEC: Final = "https://openlineage.io/spec/"
_EVENT_SCHEMA: Final = f"{_SPEC}2-0-2/OpenLineage.json#/$defs/RunEvent"
# Facets by the names that events have for them, each with its schema and its version.
_FACETS: Final = {
    "dataQualityAssertions": ("1-1-0", "DataQualityAssertionsDatasetFacet"),
    "documentation": ("1-1-0", "DocumentationDatasetFacet"),
    "errorMessage": ("1-0-1", "ErrorMessageRunFacet"),
    "inputStatistics": ("1-0-0", "InputStatisticsInputDatasetFacet"),
    "jobType": ("2-0-4", "JobTypeJobFacet"),
    "outputStatistics": ("1-0-2", "OutputStatisticsOutputDatasetFacet"),
    "parent": ("1-2-0", "ParentRunFacet"),
    "processing_engine": ("1-1-1", "ProcessingEngineRunFacet"),
    "schema": ("1-2-0", "SchemaDatasetFacet"),
    "version": ("1-0-1", "DatasetVersionDatasetFacet"),
}
# As OpenLineage has them for the severities of checks.
_SEVERITIES: Final = {"critical": "error", "warning": "warn", "info": "info"}


@dataclass
class Lineage:
    """The run of a block, for its events.

    Attributes:
        started_at: UTC.
        run_id: Of OpenLineage.
        summary: What the run came to; None as long as it has not ended well.
    """

    started_at: datetime
    run_id: UUID
    summary: "RunSummary | None" = None


@contextmanager
def lineage_of(settings: Settings, target: Path | None) -> Iterator[Lineage]:
    """Write the events of the run of the block, however it ends.

    Args:
        settings: Of the run.
        target: A new file, or an earlier one of such events; None writes nothing.

    Raises:
        UsageError: Something else has the name, or the next run would read it as news.
    """
    lineage = Lineage(datetime.now(UTC), uuid4())
    if target is None:
        yield lineage
        return
    _require_outside(target, settings)
    outputs = Outputs(settings.warehouse, settings.seeds, force="")
    outputs.require_file(target, EVENTS_SIGNATURE)
    try:
        yield lineage
    except BaseException as error:
        try:
            _write(outputs, target, failure_events(lineage, settings, error))
        except (NewsmillError, OSError) as second:
            logger.warning("The lineage was not written: %s", second)
        raise
    _write(outputs, target, success_events(lineage, settings))


def _require_outside(target: Path, settings: Settings) -> None:
    real = Path(os.path.realpath(target))
    for seed in settings.seeds:
        if real.is_relative_to(os.path.realpath(seed)):
            raise UsageError(
                f"{target} lies in {seed}, where the next run would read it as news",
                "Name a file elsewhere",
            )


def _write(outputs: Outputs, target: Path, events: list[dict[str, Any]]) -> None:
    lines = "".join(f"{inert_json(event)}\n" for event in events)
    with outputs.file(target, EVENTS_SIGNATURE) as partial:
        partial.write_text(lines, encoding="utf-8")


def failure_events(
    lineage: Lineage, settings: Settings, error: BaseException
) -> list[dict[str, Any]]:
    """Of a run that was stopped or failed: it wrote nothing of what it was given."""
    message = terminal_text(str(error) or type(error).__name__, limit=2000)
    said = _facet("errorMessage", message=message, programmingLanguage="Python")
    given = [_dataset(file_dataset(path)) for path in settings.seeds]
    kind = "ABORT" if isinstance(error, Stopped | KeyboardInterrupt) else "FAIL"
    return [
        _event(lineage, "START", inputs=given),
        _event(lineage, kind, inputs=given, run_facets=said),
    ]


def success_events(lineage: Lineage, settings: Settings) -> list[dict[str, Any]]:
    """Of a run that published, or that found nothing new and read and wrote nothing."""
    summary = lineage.summary
    assert summary is not None
    if summary.flow_run_id:
        lineage.run_id = UUID(summary.flow_run_id)
    started = _event(
        lineage,
        "START",
        inputs=[_dataset(file_dataset(path)) for path in settings.seeds],
    )
    if not summary.run_id:
        return [started, _event(lineage, "COMPLETE")]
    warehouse = settings.warehouse
    with open_reports(warehouse) as read:
        inputs = _inputs(read, summary.run_id)
        outputs = _outputs(read, warehouse, summary)
        checked = _checked(read, warehouse, summary.run_id)
    parent = _facet(
        "parent",
        run={"runId": str(lineage.run_id)},
        job={"namespace": _namespace(), "name": JOB},
    )
    audit = Lineage(lineage.started_at, uuid5(lineage.run_id, AUDIT))
    return [
        started,
        _event(audit, "START", job=AUDIT, run_facets=parent),
        _event(audit, "COMPLETE", job=AUDIT, inputs=checked, run_facets=parent),
        _event(lineage, "COMPLETE", inputs=inputs, outputs=outputs),
    ]


def _inputs(read: Reader, run_id: str) -> list[dict[str, Any]]:
    """Every file that the run took in, by its path, with the hash of its bytes."""
    rows = read("lineage_inputs", run_key=surrogate_key(run_id))
    return [
        _dataset(
            file_dataset(row["path"]),
            facets=_facet("version", datasetVersion=row["document_id"]),
            inputFacets=_facet("inputStatistics", size=row["byte_size"], fileCount=1),
        )
        for row in rows.iter_rows(named=True)
    ]


def _outputs(
    read: Reader, warehouse: Path, summary: "RunSummary"
) -> list[dict[str, Any]]:
    """Every table that analysts read, with its columns; its version is the run."""
    added = {
        "main.fact_article": summary.articles_new,
        "main.fact_occurrence": summary.occurrences_new,
    }
    state = _facet("version", datasetVersion=summary.run_id)
    outputs = []
    for row in read("lineage_tables").iter_rows(named=True):
        facets = state | _facet("schema", fields=row["fields"])
        if row["comment"]:
            facets |= _facet("documentation", description=row["comment"])
        of_output = {}
        if row["name"] in added:
            count = added[row["name"]]
            of_output["outputFacets"] = _facet("outputStatistics", rowCount=count)
        table = table_dataset(warehouse, row["name"])
        outputs.append(_dataset(table, facets=facets, **of_output))
    return outputs


def _checked(read: Reader, warehouse: Path, run_id: str) -> list[dict[str, Any]]:
    """Every table that the audit of the run judged, with the outcome of each check."""
    assertions: dict[str, list[dict[str, Any]]] = {}
    rows = read("lineage_checks", run_key=surrogate_key(run_id))
    for row in rows.iter_rows(named=True):
        table = row.pop("table_name")
        row["severity"] = _SEVERITIES.get(row["severity"], row["severity"])
        assertions.setdefault(table, []).append(row)
    return [
        _dataset(
            table_dataset(warehouse, table),
            inputFacets=_facet("dataQualityAssertions", assertions=checks),
        )
        for table, checks in assertions.items()
    ]


def _event(
    lineage: Lineage,
    kind: str,
    *,
    job: str = JOB,
    inputs: list[dict[str, Any]] | None = None,
    outputs: list[dict[str, Any]] | None = None,
    run_facets: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    time = lineage.started_at if kind == "START" else datetime.now(UTC)
    engine = _facet("processing_engine", version=version("newsmill"), name="Newsmill")
    job_type = _facet("jobType", processingType="BATCH", integration="NEWSMILL")
    return {
        "producer": _producer(),  # first: it is the file's signature
        "schemaURL": _EVENT_SCHEMA,
        "eventType": kind,
        "eventTime": time.isoformat(timespec="milliseconds"),
        "run": {
            "runId": str(lineage.run_id),
            "facets": {**engine, **(run_facets or {})},
        },
        "job": {"namespace": _namespace(), "name": job, "facets": job_type},
        "inputs": inputs or [],
        "outputs": outputs or [],
    }


def _dataset(named: Dataset, /, **facets: Mapping[str, Any]) -> dict[str, Any]:
    return {"namespace": named.namespace, "name": named.name, **facets}


def _facet(name: str, /, **content: object) -> dict[str, Any]:
    number, schema = _FACETS[name]
    url = f"{_SPEC}facets/{number}/{schema}.json#/$defs/{schema}"
    return {name: {"_producer": _producer(), "_schemaURL": url, **content}}


def _producer() -> str:
    return f"{_MADE_BY}{version('newsmill')}"


def _namespace() -> str:
    """Of jobs: the variable is that of OpenLineage's own clients."""
    return os.environ.get("OPENLINEAGE_NAMESPACE", "newsmill")
