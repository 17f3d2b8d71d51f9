"""Prefect's API runs programs for whoever may ask it: nobody but its user may.

Pages in a real browser, against a server as `newsmill serve` starts it, and against one
of Prefect's own as the control.
"""

import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.flows.conftest import protected_server

SCRIPT = Path(__file__).with_name("hostile_page.js")
SECRET = "only for its user"
ATTEMPTS = ("variables", "deployments", "changed", "started", "events")
NOTHING = dict.fromkeys(ATTEMPTS, "nothing")
UNTOUCHED = {"pull_steps": [], "runs": 0, "variables": ["secret"]}


@pytest.fixture(scope="module")
def protected(make_prefect_home):
    with protected_server(make_prefect_home()) as api:
        yield deployed(api)


@pytest.fixture(scope="module")
def bare(prefect_api):
    return deployed(prefect_api)


def deployed(api):
    """The API with a deployment, and a secret beside it."""
    flow = api.post("flows/", name="newsmill-ingest")
    secrets = api.find("variables", variables={"name": {"any_": ["secret"]}})
    if not secrets:
        api.post("variables/", name="secret", value=SECRET)
    api.deployment_id = api.post(
        "deployments/",
        name="ingest",
        flow_id=flow["id"],
        entrypoint="flows.orchestration.prefect_flows.ingest",
    )["id"]
    return api


def state_of(api):
    """What a stranger may have changed."""
    wanted = {"id": {"any_": [api.deployment_id]}}
    (deployment,) = api.find("deployments", deployments=wanted)
    return {
        "pull_steps": deployment["pull_steps"] or [],
        "runs": len(api.find("flow_runs", deployments=wanted)),
        "variables": sorted(found["name"] for found in api.find("variables")),
    }


@pytest.fixture(scope="module")
def another_origin(tmp_path_factory):
    """A web server on another port."""
    folder = str(tmp_path_factory.mktemp("site"))

    class Site(SimpleHTTPRequestHandler):
        def __init__(self, *request):
            super().__init__(*request, directory=folder)

        def log_message(self, *_words):
            """Nothing on the terminal."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture
def attack(chromium):
    """Run the script of a hostile page at an address; what it got."""
    context = chromium.new_context()

    def run(address, api_url, api):
        page = context.new_page()
        page.goto(address)
        return page.evaluate(SCRIPT.read_text("utf-8"), [api_url, api.deployment_id])

    yield run
    context.close()


def test_page_of_another_origin_gets_nothing(attack, another_origin, protected):
    got = attack(another_origin, protected.url, protected)

    assert got == NOTHING
    assert state_of(protected) == UNTOUCHED


def test_page_whose_name_leads_here_gets_nothing(attack, protected):
    here = f"http://hostile.test:{urlsplit(protected.url).port}"

    got = attack(f"{here}/api/health", f"{here}/api", protected)

    assert got == NOTHING
    assert state_of(protected) == UNTOUCHED


@pytest.mark.parametrize("is_elsewhere", [True, False], ids=["origin", "name"])
def test_control_page_gets_all_from_a_server_without_protection(
    attack, another_origin, bare, is_elsewhere
):
    here = f"http://hostile.test:{urlsplit(bare.url).port}"
    runs_before = state_of(bare)["runs"]

    got = (
        attack(another_origin, bare.url, bare)
        if is_elsewhere
        else attack(f"{here}/api/health", f"{here}/api", bare)
    )

    assert SECRET in got["variables"]
    assert "nothing" not in got.values()
    after = state_of(bare)
    assert after["pull_steps"] != []
    assert after["runs"] == runs_before + 1
    assert "planted" in after["variables"]


OWN = "own"
FOREIGN_NAME = {"Host": "hostile.test:4200"}


@pytest.mark.parametrize(
    ("headers", "body", "code"),
    [
        ({}, None, 401),
        ({"Authorization": "Basic bmV3c21pbGw6Z3Vlc3NlZA=="}, None, 401),
        ({"Authorization": "Bearer guessed"}, None, 401),
        ({"Authorization": OWN}, None, 200),
        ({"Authorization": OWN, **FOREIGN_NAME}, None, 400),
        ({"Authorization": OWN, "Host": ""}, None, 400),
        ({"Authorization": OWN, "Host": "localhost:4200"}, None, 200),
        ({"Authorization": OWN}, {}, 403),
        ({"Authorization": OWN, "Prefect-Csrf-Token": "guessed"}, {}, 403),
        (
            {
                "Authorization": OWN,
                "Prefect-Csrf-Token": "guessed",
                "Prefect-Csrf-Client": "tests",
            },
            {},
            403,
        ),
    ],
)
def test_password_name_and_token_are_each_asked_for(protected, headers, body, code):
    own = {**headers}
    if headers.get("Authorization") == OWN:
        own["Authorization"] = protected.credentials()["Authorization"]
    page, method = (
        ("variables/filter", "POST") if body == {} else ("admin/version", "GET")
    )

    answered, _ = protected.ask(page, method, body, **own)

    assert answered == code


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"])
def test_operator_logs_in_with_the_line_of_the_note(chromium, protected, name):
    address = f"http://{name}:{urlsplit(protected.url).port}"
    context = chromium.new_context()
    page = context.new_page()
    page.goto(f"{address}/deployments")

    auth_string = protected.note.read_text(encoding="utf-8").split("\n")[0]
    page.locator("input[type=password]").fill(auth_string)
    page.keyboard.press("Enter")

    page.get_by_text("newsmill-ingest").first.wait_for()
    context.close()


def test_run_needs_the_password_of_a_server_that_it_is_told_of(
    newsmill, protected, seed_file
):
    ended = newsmill.here("run", seed_file, code=2, PREFECT_API_URL=protected.url)

    assert "asks for another password" in ended.err
    assert "PREFECT_API_AUTH_STRING" in ended.err


@pytest.mark.full
def test_run_is_recorded_where_its_user_knows_the_password(
    newsmill, protected, seed_file
):
    password = protected.note.read_text(encoding="utf-8").split("\n")[0]

    summary = newsmill(
        "run",
        seed_file,
        "--json",
        "--warehouse",
        newsmill.warehouse,
        PREFECT_API_URL=protected.url,
        PREFECT_API_AUTH_STRING=password,
    ).json

    run = protected.flow_run(summary["flow_run_id"])
    assert run["state"]["message"] == "9 new articles"
    assert "run-summary" in protected.artifacts(run["id"])
