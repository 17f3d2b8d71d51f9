"""Mails: what is attached to them is a document of its own."""

from email.message import EmailMessage

import pytest

from tests.unit.warehouse.landing.test_containers import (
    TEXT,
    contents,
    expand,
    reasons,
    tarred,
    zipped,
)


def mail(text, attached, subject="The dam"):
    """A mail with a text and attachments by name."""
    message = EmailMessage()
    message["From"], message["Subject"] = "desk@example.org", subject
    message["Message-ID"] = f"<{subject}@example.org>"
    message["Date"] = "Mon, 4 Mar 2024 10:00:00 +0000"
    message.set_content(text)
    for name, content in attached.items():
        maintype = "image" if name.endswith(".png") else "application"
        message.add_attachment(
            content, maintype=maintype, subtype="octet-stream", filename=name
        )
    return message


@pytest.fixture
def inputs(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    return folder


def test_attachments_of_a_mail_are_documents_and_so_is_the_mail(inputs):
    attached = {"a.txt": TEXT, "b.zip": zipped({"c.txt": b"inner"}), "logo.png": b"x"}
    (inputs / "a.eml").write_bytes(mail("The dam reopened.\n", attached).as_bytes())

    expanded = expand(inputs)

    members = contents(expanded)
    assert set(members) == {"a.eml/a.txt", "a.eml/b.zip", "a.eml/b.zip/c.txt"}
    assert members["a.eml/a.txt"] == TEXT
    assert expanded.containers["file_name"].to_list() == ["b.zip"]


def test_mail_that_says_nothing_itself_is_a_container(inputs):
    (inputs / "a.eml").write_bytes(mail("", {"a.txt": TEXT}).as_bytes())

    assert expand(inputs).containers["file_name"].to_list() == ["a.eml"]


def test_mail_without_attachments_is_a_document_alone(inputs):
    (inputs / "a.eml").write_bytes(mail("The dam reopened.\n", {}).as_bytes())

    expanded = expand(inputs)

    assert expanded.containers.is_empty()
    assert expanded.members.is_empty()


def test_mail_at_which_its_reader_fails_stops_nothing(inputs):
    broken = bytes(mail("The dam reopened.\n", {"a.txt": TEXT}))
    (inputs / "a.eml").write_bytes(
        broken.replace(b"From: desk@example.org", b"From: a:b@c,d:e;;")
    )
    (inputs / "b.eml").write_bytes(bytes(mail("The dam.\n", {"b.txt": TEXT})))

    expanded = expand(inputs)

    assert "b.eml/b.txt" in contents(expanded)
    assert expanded.containers.is_empty()
    assert expanded.rejects.is_empty()


def test_same_attachment_of_two_mails_in_a_mailbox_is_one_document(inputs):
    line = b"From desk@example.org Mon Mar  4 10:00:00 2024\n"
    mails = [mail("See there.\n", {"a.txt": TEXT}, f"No. {n}") for n in range(2)]
    (inputs / "box.mbox").write_bytes(b"".join(line + bytes(m) + b"\n" for m in mails))

    expanded = expand(inputs)

    found = {
        path.partition("/in/")[2]: document_id
        for path, document_id in expanded.members.select(
            "path", "document_id"
        ).iter_rows()
    }
    assert len(found) == 4
    assert found["box.mbox/1.eml/a.txt"] == found["box.mbox/2.eml/a.txt"]
    assert expanded.containers["file_name"].to_list() == ["box.mbox"]


def test_mails_in_mails_are_opened_as_far_as_a_bound_goes(inputs):
    inner = mail("The innermost.\n", {"a.txt": TEXT})
    for depth in range(9):
        outer = mail(f"Number {depth}.\n", {}, f"No. {depth}")
        outer.add_attachment(inner)
        inner = outer
    (inputs / "a.eml").write_bytes(bytes(inner))

    expanded = expand(inputs)

    assert len(expanded.members) == 5
    assert reasons(expanded) == {}


def test_archive_attached_to_a_mail_in_an_archive_counts_its_levels(inputs):
    innermost = zipped({"c.txt": TEXT})
    attached = mail("See there.\n", {"b.zip": zipped({"d.zip": innermost})})
    (inputs / "a.tgz").write_bytes(tarred({"a.eml": bytes(attached)}))

    assert reasons(expand(inputs)) == {"a.tgz/a.eml/b.zip/d.zip": "unsupported_type"}
