"""The process of a Prefect server for one run: `python -m flows.server_process PORT`.

What `uvicorn` on the command line does, with less hunting for garbage while the server
imports, which is most of its start, and without the packages that extend Prefect: a run
that brings its own server names none of their blocks, and Dask alone is a tenth of it.
"""

import gc
import sys

from flows.settings import GARBAGE_THRESHOLD


def main(port: int) -> None:
    """Serve on loopback until the process is asked to stop."""
    gc.set_threshold(GARBAGE_THRESHOLD, 50, 50)
    import prefect.plugins
    import uvicorn

    prefect.plugins.load_prefect_collections = lambda *_: {}
    uvicorn.run(
        "prefect.server.api.server:create_app",
        factory=True, host="127.0.0.1", port=port,
        log_level="error", access_log=False,
    )  # fmt: skip


if __name__ == "__main__":
    main(int(sys.argv[1]))
