"""The audited rows, made visible."""

from flows.tasks.session import Found, NewInputs, Session
from warehouse.lake.conflicts import LakeChangedError


def publish(session: Session, found: Found, new: NewInputs) -> None:
    """Make the audited rows visible, all at once; see `Session.attempts`."""
    assert session.build is not None
    try:
        session.counts = session.build.publish(
            files_in=len(found.files) + len(found.rejects),
            documents_known=new.known_count,
        )
    except LakeChangedError:
        return
    session.is_published = True
