"""The candidate rows, beside a copy of what is published."""

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from flows.batch.batches import Part
from flows.tasks.session import NewInputs, Session
from flows.weights import version_with
from transforms.contracts import REJECTS
from warehouse.publish.file_writer import Build
from warehouse.staging.write_part import write_part


def stage(session: Session, parts: Sequence[Part], new: NewInputs) -> None:
    """Copy the warehouse and fill the copy's staging tables from the parts.

    Raises:
        ConservationError: The parts are not all that the batches became.
    """
    build = session.build = session.writer.start_build()
    if session.again:
        build.load_again(session.again & set(new.arrivals["document_id"]))
    build.load([*(part.path for part in parts), *_write_containers(session, new)])
    _require_all(build, new, parts)
    build.add_arrivals(new.arrivals)
    build.add_rejects(new.new_rejects)
    build.add_outcomes(new.outcomes(parts), documents_known=new.known_count)


def _write_containers(session: Session, new: NewInputs) -> list[Path]:
    """A part with the rows of new archives and mailboxes, whose members have others."""
    if new.containers.is_empty():
        return []
    from transforms.star.star import build_containers

    version = version_with(session.settings.splitter, session.settings.without)
    rows = build_containers(new.containers, version)
    return [write_part(session.folder, "containers", {"dim_document": rows})]


def _require_all(build: Build, new: NewInputs, parts: Sequence[Part]) -> None:
    """Every document is loaded or rejected, with the articles that it was told to have.

    A file that is rejected as a whole goes by its path: what cannot be read has no
    content to be named by.
    """
    files = pl.concat(
        rows.select("document_id", "path")
        for rows in (new.containers, *(batch.files for batch in new.batches))
    )
    if files.is_empty():
        return
    rejects = pl.concat(
        [pl.DataFrame(schema=REJECTS), *(part.rejects for part in parts)]
    )
    whole = rejects.filter(pl.col("char_start").is_null())
    rejected = files.join(whole, on="path", how="semi")
    build.require_all(
        set(files["document_id"]),
        set(rejected["document_id"]),
        sum(part.counts.get("occurrences", 0) for part in parts),
    )
