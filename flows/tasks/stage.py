"""The candidate rows, beside a copy of what is published."""

from collections.abc import Sequence

from flows.batch.batches import Part
from flows.tasks.session import NewInputs, Session


def stage(session: Session, parts: Sequence[Part], new: NewInputs) -> None:
    """Copy the warehouse and fill the copy's staging tables from the parts."""
    build = session.build = session.writer.start_build()
    if session.again:
        build.load_again(session.again & set(new.arrivals["document_id"]))
    build.load([part.path for part in parts])
    build.add_arrivals(new.arrivals)
    build.add_rejects(new.new_rejects)
