"""What a run read and wrote, as events that readers of OpenLineage understand.

`openlineage-python` has a class for each object of the published schema, made from it:
every object of an event is read as one of these, strictly.
"""

import hashlib
import json
import types
import typing
from enum import Enum

import attr
import filelock
import pytest
from openlineage.client import facet_v2
from openlineage.client.event_v2 import RunEvent

FACETS = {
    "dataQualityAssertions": (
        facet_v2.data_quality_assertions_dataset.DataQualityAssertionsDatasetFacet
    ),
    "documentation": facet_v2.documentation_dataset.DocumentationDatasetFacet,
    "errorMessage": facet_v2.error_message_run.ErrorMessageRunFacet,
    "inputStatistics": (
        facet_v2.input_statistics_input_dataset.InputStatisticsInputDatasetFacet
    ),
    "jobType": facet_v2.job_type_job.JobTypeJobFacet,
    "outputStatistics": (
        facet_v2.output_statistics_output_dataset.OutputStatisticsOutputDatasetFacet
    ),
    "parent": facet_v2.parent_run.ParentRunFacet,
    "processing_engine": facet_v2.processing_engine_run.ProcessingEngineRunFacet,
    "schema": facet_v2.schema_dataset.SchemaDatasetFacet,
    "version": facet_v2.dataset_version_dataset.DatasetVersionDatasetFacet,
}


def read_as(kind, plain):
    """A plain value as a type of the schema; fails on what the type does not know."""
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if origin in (types.UnionType, typing.Union):
        (kind,) = (one for one in inner if one is not type(None))
        return None if plain is None else read_as(kind, plain)
    if origin is list:
        assert isinstance(plain, list)
        return [read_as(inner[0], item) for item in plain]
    if origin is dict:
        return {name: read_as(FACETS[name], value) for name, value in plain.items()}
    if attr.has(kind):
        return read_object(kind, dict(plain))
    assert isinstance(plain, str if issubclass(kind, Enum) else kind), (kind, plain)
    return kind(plain)


def read_object(kind, plain):
    kinds = typing.get_type_hints(kind)
    for name in ("_schemaURL", "schemaURL"):
        if name in {field.name for field in attr.fields(kind)}:
            assert plain.pop(name) == kind._get_schema()
    given = {name.lstrip("_"): read_as(kinds[name], plain[name]) for name in plain}
    if "_producer" in plain:
        assert given["producer"].startswith("urn:newsmill:")
    return kind(**given)


def events_of(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    events = [json.loads(line) for line in lines]
    for event in events:
        read_as(RunEvent, event)
    return events


@pytest.fixture(scope="module")
def events(seeded):
    return events_of(seeded.lineage)


def test_run_and_its_audit_start_and_complete(events):
    told = [(event["job"]["name"], event["eventType"]) for event in events]

    assert told == [
        ("newsmill-ingest", "START"),
        ("newsmill-ingest.audit", "START"),
        ("newsmill-ingest.audit", "COMPLETE"),
        ("newsmill-ingest", "COMPLETE"),
    ]
    runs = [event["run"]["runId"] for event in events]
    assert runs == [runs[0], runs[1], runs[1], runs[0]]
    assert events[2]["run"]["facets"]["parent"]["run"]["runId"] == runs[0]
    times = [event["eventTime"] for event in events]
    assert times == sorted(times)


def test_inputs_are_files_with_the_hash_of_their_bytes(events, seed_file):
    (read,) = events[-1]["inputs"]

    assert (read["namespace"], read["name"]) == ("file", str(seed_file))
    content = seed_file.read_bytes()
    known = read["facets"]["version"]["datasetVersion"]
    assert known == hashlib.sha256(content).hexdigest()
    assert read["inputFacets"]["inputStatistics"]["size"] == len(content)


def test_outputs_are_tables_with_their_columns(events, seeded):
    made = {found["name"]: found for found in events[-1]["outputs"]}
    columns = seeded.sql(
        "SELECT 'main.' || table_name AS name, list({'name': column_name, "
        "'type': data_type} ORDER BY column_index) AS columns FROM duckdb_columns() "
        "WHERE schema_name = 'main' AND table_name IN "
        "(SELECT table_name FROM duckdb_tables()) GROUP BY table_name"
    )

    assert len(columns) == len(made)
    for row in columns:
        found = made[row["name"]]
        assert found["namespace"] == f"duckdb://{seeded.warehouse}"
        fields = found["facets"]["schema"]["fields"]
        assert [{k: f[k] for k in ("name", "type")} for f in fields] == row["columns"]
        assert all(field["description"] for field in fields)
        version = found["facets"]["version"]["datasetVersion"]
        assert version == seeded.summary["run_id"]
    statistics = made["main.fact_article"]["outputFacets"]["outputStatistics"]
    assert statistics["rowCount"] == 9


def test_every_check_is_told_of_the_table_that_it_judged(events, seeded):
    checks = {
        check["assertion"]: check["success"]
        for table in events[2]["inputs"]
        for check in table["inputFacets"]["dataQualityAssertions"]["assertions"]
        if check["assertion"].startswith(table["name"].partition(".")[2])
    }

    assert len(checks) == sum(seeded.summary["checks"].values())
    assert list(checks.values()).count(True) == seeded.summary["checks"]["passed"]


def test_run_with_nothing_new_reads_and_writes_nothing(seeded, tmp_path, seed_file):
    target = tmp_path / "new" / "lineage.ndjson"

    seeded.run(seed_file, "--lineage", target)
    seeded.run(seed_file, "--lineage", target)  # an earlier one is replaced

    start, end = events_of(target)
    assert [found["name"] for found in start["inputs"]] == [str(seed_file)]
    assert (end["eventType"], end["inputs"], end["outputs"]) == ("COMPLETE", [], [])


def test_run_that_fails_says_why(newsmill, seed_file):
    target = newsmill.folder / "lineage.ndjson"
    with filelock.FileLock(f"{newsmill.warehouse}.lock"):
        words = (seed_file, "--direct", "--lineage", target, "--lock-timeout", 0)
        newsmill.ask("run", *words, code=4)

    start, end = events_of(target)
    assert (start["eventType"], end["eventType"]) == ("START", "FAIL")
    assert start["run"]["runId"] == end["run"]["runId"]
    assert "is being written" in end["run"]["facets"]["errorMessage"]["message"]


def test_file_of_others_is_not_replaced(newsmill, seed_file):
    (newsmill.folder / "notes.txt").write_text("mine")
    inputs = newsmill.folder / "in"
    inputs.mkdir()

    taken = newsmill.ask("run", seed_file, "--lineage", "notes.txt", code=2)
    inside = newsmill.ask("run", inputs, "--lineage", inputs / "x.ndjson", code=2)

    assert "--force" not in taken.err
    assert "would read it as news" in inside.err
    assert (newsmill.folder / "notes.txt").read_text() == "mine"
    assert not newsmill.warehouse.exists()
