"""The candidate rows, beside a copy of what is published."""

from collections.abc import Sequence

import polars as pl

from flows.batch.batches import Batch, Part
from flows.tasks.session import NewInputs, Session
from warehouse.publish.file_writer import Build


def stage(session: Session, parts: Sequence[Part], new: NewInputs) -> None:
    """Copy the warehouse and fill the copy's staging tables from the parts.

    Raises:
        ConservationError: The parts are not all that the batches became.
    """
    build = session.build = session.writer.start_build()
    if session.again:
        build.load_again(session.again & set(new.arrivals["document_id"]))
    build.load([part.path for part in parts])
    _require_all(build, new.batches, parts)
    build.add_arrivals(new.arrivals)
    build.add_rejects(new.new_rejects)
    build.add_outcomes(new.outcomes(parts), documents_known=new.known_count)


def _require_all(build: Build, batches: Sequence[Batch], parts: Sequence[Part]) -> None:
    """Every document is loaded or rejected, with the articles that it was told to have.

    A file that is rejected as a whole goes by its path: what cannot be read has no
    content to be named by.
    """
    if not batches:
        return
    files = pl.concat(batch.files.select("document_id", "path") for batch in batches)
    rejects = pl.concat(part.rejects for part in parts)
    whole = rejects.filter(pl.col("char_start").is_null())
    rejected = files.join(whole, on="path", how="semi")
    build.require_all(
        set(files["document_id"]),
        set(rejected["document_id"]),
        sum(part.counts.get("occurrences", 0) for part in parts),
    )
