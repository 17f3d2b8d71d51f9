"""Work for a supervised child that goes wrong in the way that it is asked for."""

import os
import signal
import threading

from transforms.errors import WarehouseUnusableError
from warehouse.read.supervised import answer_parent


def spin():
    while True:
        pass


def hang():
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    threading.Event().wait()


def crash():
    os.kill(os.getpid(), signal.SIGSEGV)


def fill_memory():
    return bytes(8 << 30)


def raise_error():
    raise LookupError("no such thing")


def refuse():
    raise WarehouseUnusableError("news.duckdb", "is damaged")


def leave():
    os._exit(3)


def main():
    answer_parent(lambda request, _: globals()[request["how"]]())
