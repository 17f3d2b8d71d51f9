"""The audited rows, made visible."""

from flows.tasks.session import NewInputs, Session
from warehouse.lake.conflicts import LakeChangedError
from warehouse.runs import RunCounts


def publish(session: Session, new: NewInputs) -> RunCounts | None:
    """Make the audited rows visible, all at once.

    Returns:
        What the run added; None when a lake changed meanwhile, and `Session.attempts`
        gives another turn.
    """
    assert session.build is not None
    try:
        session.counts = session.build.publish(
            files_in=new.found_count,
            documents_known=new.known_count,
            with_search=session.settings.search,
        )
    except LakeChangedError:
        return None
    session.is_published = True
    return session.counts
