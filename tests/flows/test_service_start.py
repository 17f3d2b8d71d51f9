"""What a service wants for itself before it starts, and what it says without it."""

import fcntl
import socket
import stat
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest


@pytest.fixture
def service(newsmill):
    """The command with a home of Prefect of its own."""
    newsmill.inputs = newsmill.folder / "in"
    newsmill.inputs.mkdir()
    newsmill.home = newsmill.folder / "prefect"
    newsmill.environment.pop("PREFECT_API_URL", None)
    return newsmill


def serve(newsmill, *words, **environment):
    return newsmill.here("serve", newsmill.inputs, *words, code=2, **environment)


def test_port_of_somebody_else_is_left_alone(service):
    with socket.create_server(("127.0.0.1", 0)) as stranger:
        port = stranger.getsockname()[1]

        ended = serve(service, "--port", port)

        stranger.setblocking(False)
        with pytest.raises(BlockingIOError):
            stranger.accept()
    assert f"port {port} of 127.0.0.1 cannot be had" in ended.err
    assert "--port" in ended.err
    assert [found.name for found in service.home.iterdir()] == ["newsmill-service"]


def test_address_of_an_earlier_service_is_forgotten_and_its_password_kept(service):
    service.home.mkdir()
    note = service.home / "newsmill-service"
    note.touch(0o600)
    note.write_text("newsmill:kept\nhttp://127.0.0.1:4200/api\n")

    with socket.create_server(("127.0.0.1", 0)) as stranger:
        serve(service, "--port", stranger.getsockname()[1])

    assert note.read_text().split() == ["newsmill:kept"]


def test_second_service_of_one_home_is_refused(service):
    service.home.mkdir()
    note = service.home / "newsmill-service"
    note.touch(0o600)
    with note.open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)

        ended = serve(service)

    assert f"another service holds {note}" in ended.err
    assert "PREFECT_HOME" in ended.err


def test_password_that_others_can_read_is_not_used(service):
    service.home.mkdir()
    note = service.home / "newsmill-service"
    note.write_text("newsmill:known\n")
    note.chmod(0o644)

    ended = serve(service)

    assert f"{note} is not a file that you alone can read" in ended.err
    assert stat.S_IMODE(note.stat().st_mode) == 0o644


class Hanging(BaseHTTPRequestHandler):
    """Says that it is well, and then answers nothing that matters."""

    version = b'"3.9.1"'

    def do_GET(self):
        is_token = "csrf-token" in self.path
        self.send_response(422 if is_token else 200)
        self.end_headers()
        said = b"true" if self.path.endswith("health") else self.version
        self.wfile.write(
            b'{"detail": "CSRF protection is disabled."}' * is_token or said
        )

    def do_POST(self):
        self.server.is_over.wait()

    def log_message(self, *_words):
        """Nothing on the terminal."""


class Stranger(Hanging):
    """Says so of anything that it is asked."""

    version = b"true"


@pytest.fixture(params=[Hanging])
def hanging(request):
    with ThreadingHTTPServer(("127.0.0.1", 0), request.param) as server:
        server.is_over = threading.Event()
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/api"
        server.is_over.set()
        server.shutdown()


@pytest.mark.parametrize("hanging", [Stranger], indirect=True)
def test_named_server_of_another_kind_is_refused(service, seed_file, hanging):
    ended = service.here("run", seed_file, code=2, PREFECT_API_URL=hanging)

    assert f"the Prefect API {hanging} is none that a run can be recorded" in ended.err


@pytest.mark.full
def test_named_server_that_hangs_later_is_given_up_within_a_minute(
    service, seed_file, hanging
):
    ended = service("run", seed_file, code=2, timeout=120, PREFECT_API_URL=hanging)

    assert "Prefect's API does not record this run" in ended.err
    assert "--direct" in ended.err
    assert not service.warehouse.exists()


def test_named_server_that_hangs_is_given_up_within_seconds(service, seed_file):
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        url = f"http://127.0.0.1:{deaf.getsockname()[1]}/api"

        ended = service.here("run", seed_file, code=2, PREFECT_API_URL=url)

    assert f"the Prefect API {url} does not answer" in ended.err
