"""A run in Prefect's UI, as its reader sees it in a browser."""

import pytest

from tests.flows.conftest import HOSTILE_NAME


class Reader:
    """A page, and what it should never have done."""

    def __init__(self, page, address):
        self.page, self.address = page, address
        self.dialogs, self.requests = [], []
        page.on("dialog", lambda dialog: (self.dialogs.append(1), dialog.dismiss()))
        page.on("request", lambda request: self.requests.append(request.url))

    def open(self, path):
        self.page.goto(self.address + path)
        return self.page

    def requests_elsewhere(self):
        ours = (self.address, self.address.replace("http", "ws", 1), "data:", "blob:")
        return [url for url in self.requests if not url.startswith(ours)]


@pytest.fixture
def reader(chromium, prefect_api):
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    yield Reader(context.new_page(), prefect_api.url.removesuffix("/api"))
    context.close()


@pytest.mark.full
def test_run_and_its_artifacts_are_seen_and_hostile_names_stay_text(
    reader, recorded, prefect_api
):
    run = recorded.summary["flow_run_id"]
    page = reader.open(f"/runs/flow-run/{run}")
    page.get_by_text("1 file, 9 new articles").first.wait_for()
    page.get_by_text("Completed", exact=True).first.wait_for()

    shown = prefect_api.artifacts(run)
    for key, text in {
        "run-summary": "9 new · 9 appearances",
        "held-back": HOSTILE_NAME,
        "quality-checks": "fact_occurrence.span_in_document",
    }.items():
        page = reader.open(f"/artifacts/artifact/{shown[key]['id']}")
        page.get_by_text(text).first.wait_for()
        assert page.locator("img[src='x']").count() == 0
        assert page.locator("a[href^='javascript']").count() == 0

    assert reader.dialogs == []
    assert reader.requests_elsewhere() == []
