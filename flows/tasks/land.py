"""What of the inputs the warehouse does not know yet, by their content."""

import polars as pl

from flows.batch.batches import Batch, group_files, make_recipe
from flows.tasks.session import FoundFiles, NewInputs, Session
from flows.weights import require_weights, serving_weights, version_with
from transforms.contracts import REJECTS
from transforms.star.quarantine import build_quarantine, find_held_documents
from warehouse.landing.landing import hash_files, join_arrivals
from warehouse.read.known import known_documents, known_quarantine


def land(found: FoundFiles, session: Session) -> NewInputs:
    """Hash every file; what the warehouse knows by content is done already.

    A document that other transforms have read is read again. A file that no reader
    could make a document of is known as well: it stays held back until `newsmill
    quarantine retry`, and costs a hash.
    """
    require_weights(session.settings)
    hashed, unread = hash_files(found.files)
    stored = known_documents(session.writer.path)
    known = stored.filter(
        pl.col("transform_version") == version_with(session.settings.splitter),
        ~pl.col("document_id").is_in(list(session.again)),
    )
    fresh = join_arrivals(hashed.join(known, on="document_id", how="anti"))
    held = known_quarantine(session.writer.path)
    refused = pl.DataFrame(schema={**REJECTS, "status": pl.String})
    if not session.is_retry:
        whole = held.filter(pl.col("document_key") == 0, pl.col("status") != "retried")
        refused = find_held_documents(fresh, whole)
        fresh = fresh.join(refused, on="document_id", how="anti")
    still = refused.filter(pl.col("status") == "open")
    rejects = pl.concat(
        frame.select(list(REJECTS)) for frame in (found.rejects, unread, still)
    )
    is_held = build_quarantine(rejects)["quarantine_key"].is_in(
        held["quarantine_key"].implode()
    )
    settled = refused.filter(pl.col("status") != "open")
    return NewInputs(
        found_count=len(found.files) + len(found.rejects),
        batches=[] if fresh.is_empty() else _group(fresh, session),
        arrivals=hashed.select("document_id", "file_name", "path"),
        known=known["document_id"],
        settled=settled["document_id"],
        again_count=len(fresh.join(stored, on="document_id", how="semi")),
        rejects=rejects,
        new_rejects=rejects.filter(~is_held),
    )


def _group(fresh: pl.DataFrame, session: Session) -> list[Batch]:
    return group_files(
        fresh,
        batch_bytes=session.settings.batch_bytes,
        workers=session.settings.worker_count,
        folder=session.folder,
        recipe=make_recipe(
            session.writer.run.started_at.date(),
            serving_weights(session.settings),
            session.settings.splitter,
        ),
    )
