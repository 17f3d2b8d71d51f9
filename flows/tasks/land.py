"""What of the inputs the warehouse does not know yet, by their content."""

from pathlib import PurePosixPath
from typing import Final

import polars as pl

from flows.batch.batches import Batch, group_files, make_recipe
from flows.tasks.session import FoundFiles, NewInputs, Session
from flows.weights import require_weights, serving_weights, version_with
from transforms.contracts import REJECTS, ReasonCode
from transforms.star.quarantine import build_quarantine, find_held_documents
from warehouse.landing.containers import expand_containers
from warehouse.landing.landing import hash_files, join_arrivals
from warehouse.read.known import known_documents, known_quarantine

# A dot keeps it apart from finished parts.
MEMBERS_FOLDER: Final = ".members"


def land(found: FoundFiles, session: Session) -> NewInputs:
    """Hash every file; what the warehouse knows by content is done already.

    Archives and mailboxes are taken apart, and their members are files like others. A
    document that other transforms have read is read again. A file that no reader could
    make a document of is known as well: it stays held back until `newsmill quarantine
    retry`, and costs a hash.
    """
    require_weights(session.settings)
    hashed, unread = hash_files(found.files)
    stored = known_documents(session.writer.path)
    version = version_with(session.settings.splitter, session.settings.without)
    known = stored.filter(
        pl.col("transform_version") == version,
        ~pl.col("document_id").is_in(list(session.again)),
    )
    held = known_quarantine(session.writer.path)
    whole = held.filter(pl.col("document_key") == 0, pl.col("status") != "retried")
    if session.is_retry:
        whole = whole.clear()
    elif session.settings.columns:  # which may be what a table wanted
        whole = whole.filter(pl.col("reason_code") != ReasonCode.INVALID_RECORD)
    expanded = expand_containers(
        _to_take_apart(hashed, known, whole, session),
        session.folder / MEMBERS_FOLDER,
        ignore=session.settings.ignore,
    )
    arrivals = pl.concat([hashed, expanded.members])
    containers = expanded.containers.join(known, on="document_id", how="anti")
    fresh = join_arrivals(arrivals.join(known, on="document_id", how="anti"))
    refused = find_held_documents(fresh, whole)
    still = refused.filter(pl.col("status") == "open")
    rejects = pl.concat(
        frame.select(list(REJECTS))
        for frame in (found.rejects, unread, expanded.rejects, still)
    )
    for done in (refused, expanded.containers, expanded.rejects):
        fresh = fresh.join(done, on="document_id", how="anti")
    is_held = build_quarantine(rejects)["quarantine_key"].is_in(
        held["quarantine_key"].implode()
    )
    settled = refused.filter(pl.col("status") != "open")
    new_ids = pl.concat([fresh["document_id"], containers["document_id"]])
    return NewInputs(
        found_count=len(found.files) + len(found.rejects) + expanded.found_count,
        batches=[] if fresh.is_empty() else _group(fresh, session),
        containers=containers,
        arrivals=arrivals.select("document_id", "file_name", "path"),
        known=known["document_id"],
        settled=settled["document_id"],
        again_count=int(new_ids.is_in(stored["document_id"].implode()).sum()),
        rejects=rejects,
        new_rejects=rejects.filter(~is_held),
    )


def _to_take_apart(
    hashed: pl.DataFrame, known: pl.DataFrame, whole: pl.DataFrame, session: Session
) -> pl.DataFrame:
    """Arrivals that may hold documents which the warehouse does not know.

    One that is known is looked into again as long as a member of it is held back, so
    that this is told by every run, as it is of other files.

    Args:
        hashed: As `hash_files` gives them.
        known: `document_id` of what the warehouse holds as it is.
        whole: Rows of the table `quarantine`, of files that never became a document.
        session: Whose retries look into all.
    """
    candidates = hashed.drop_nulls("container")
    if session.is_retry or session.again:
        return candidates
    folders = {
        str(parent)
        for path in whole.filter(pl.col("status") == "open")["path"].drop_nulls()
        for parent in PurePosixPath(path).parents
    }
    is_known = pl.col("document_id").is_in(known["document_id"].implode())
    broken = find_held_documents(candidates, whole)
    return candidates.filter(~is_known | pl.col("path").is_in(list(folders))).join(
        broken, on="document_id", how="anti"
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
            session.settings.columns,
            session.settings.without,
        ),
    )
