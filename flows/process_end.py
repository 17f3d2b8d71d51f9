"""How the process of a command ends: done, or because a signal asks for it.

The first SIGINT or SIGTERM asks the command to unwind. A thread of its own hears of
signals too, whatever the command is at: when the unwinding takes too long, or at a
second signal, it ends the process. What is said then is what became of the warehouse.
"""

import math
import os
import select
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing import parent_process
from types import FrameType
from typing import Final, NoReturn

from warehouse.publish.moment import Publication, forget_publication, publication

STOP_GRACE_SECONDS: Final = 5.0
_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)
_SHOW_CURSOR: Final = "\x1b[?25h"
_BECAME: Final = {
    Publication.NOT_BEGUN: "stopped; the warehouse is as it was before this run",
    Publication.UNDER_WAY: "stopped in the instant of publishing; `newsmill status` "
    "says whether this run is in the warehouse",
    Publication.DONE: "stopped after publishing; the articles of this run are in the "
    "warehouse",
}


class Stopped(BaseException):
    """A signal asked the process to stop; unwinds like an interrupt.

    Attributes:
        signal_number: That came.
    """

    def __init__(self, signal_number: int, said: str = "") -> None:
        super().__init__(signal_number, said)
        self.signal_number, self._said = signal_number, said

    def __str__(self) -> str:
        return self._said or _BECAME[publication()]

    @property
    def exit_code(self) -> int:
        """128 plus the signal, as shells count."""
        return 128 + self.signal_number


class _Asked:
    """The signal that came, 0 for none, and how it is to be taken.

    Attributes:
        is_deferred: A signal waits until somebody asks for it.
        grace_seconds: For unwinding.
        skips_exit_handlers: Nothing may be waited for any more when the process ends.
    """

    signal_number = 0
    is_deferred = True
    grace_seconds = STOP_GRACE_SECONDS
    skips_exit_handlers = False


@contextmanager
def hearing_signals() -> Iterator[None]:
    """From here on SIGINT and SIGTERM end the process within seconds, unwound or not.

    Raised at any instant, an exception would unwind code that does not expect it: an
    import, a compilation, or a callback then ends in a crash of the interpreter. So a
    signal waits for `raise_if_stopped`, unless the block is one of `stopping_at_once`.
    """
    _Asked.signal_number, _Asked.grace_seconds = 0, STOP_GRACE_SECONDS
    forget_publication()
    read, write = os.pipe()
    os.set_blocking(write, False)
    listener = threading.Thread(target=_listen, args=(read,), name="signals")
    listener.daemon = True
    listener.start()
    previous_pipe = signal.set_wakeup_fd(write, warn_on_full_buffer=False)
    previous = {number: signal.signal(number, _take) for number in _SIGNALS}
    try:
        yield
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(previous_pipe)
        os.close(write)
        listener.join()
        os.close(read)


def _take(signal_number: int, _frame: FrameType | None) -> None:
    """The main thread's share, as soon as it is back from compiled code."""
    if _Asked.signal_number:
        return
    _Asked.signal_number = signal_number
    if not _Asked.is_deferred:
        raise Stopped(signal_number)


def _listen(signals: int) -> None:
    """The listener's share: Python writes each signal to a pipe at once."""
    first, deadline = 0, math.inf
    while True:
        left = None if not first else max(deadline - time.monotonic(), 0)
        if not select.select([signals], [], [], left)[0]:
            _end_now(first)
        heard = os.read(signals, 1)
        if not heard:
            return
        if heard[0] not in _SIGNALS:
            continue
        if first:
            _end_now(heard[0])
        first = heard[0]
        deadline = time.monotonic() + _Asked.grace_seconds


@contextmanager
def hearing_signals_again() -> Iterator[None]:
    """The same inside of a library that hears SIGTERM itself, if we did outside of it.

    Prefect raises at any instant of a flow; its own runs on schedule leave that so.
    """
    theirs = signal.getsignal(signal.SIGTERM)
    if signal.getsignal(signal.SIGINT) is not _take:
        yield
        return
    signal.signal(signal.SIGTERM, _take)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, theirs)


@contextmanager
def stopping_at_once() -> Iterator[None]:
    """Inside of the block a signal unwinds whatever goes on."""
    _Asked.is_deferred = False
    try:
        raise_if_stopped()
        yield
    finally:
        _Asked.is_deferred = True


@contextmanager
def stopping_between_tasks() -> Iterator[None]:
    """Inside of the block a signal waits for the end of a task, but not for long."""
    before, _Asked.is_deferred = _Asked.is_deferred, True
    try:
        yield
        raise_if_stopped()
    finally:
        _Asked.is_deferred = before


def raise_if_stopped() -> None:
    """Unwind when a signal has asked for it."""
    if _Asked.signal_number:
        raise Stopped(_Asked.signal_number)


def as_stopped(error: BaseException) -> BaseException:
    """What ended the process: the signal, if one came.

    Libraries make an error of their own of it, such as DuckDB's "Query interrupted".
    """
    if not _Asked.signal_number or isinstance(error, Stopped):
        return error
    return Stopped(_Asked.signal_number)


def take_longer_to_stop(seconds: float) -> None:
    """Let this command unwind for longer, as it has other processes to end."""
    _Asked.grace_seconds = seconds


@contextmanager
def starting_children() -> Iterator[None]:
    """Processes that are started in the block do not hear a Ctrl-C of the terminal.

    The run hears it, and ends them. Told only once they run, they would show tracebacks
    of what they were importing.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _end_now(signal_number: int) -> None:
    """End without unwinding; the published file is only ever replaced by a rename.

    Threads of libraries may hang, and Python waits for them; the exit code stays the
    one that is promised. Children watch this process and end with it.
    """
    if sys.stderr.isatty():
        sys.stderr.write(_SHOW_CURSOR)  # a progress bar hides it
    sys.stderr.write(f"newsmill: {Stopped(signal_number)}\n")
    sys.stderr.flush()
    os._exit(128 + signal_number)


def end_after(wait: Callable[[], object], name: str) -> None:
    """Ask this process to stop once a thread of its own has waited for something.

    For processes that must not outlive the one that started them, however it ended. One
    that does not stop when it is asked is ended.

    Args:
        wait: Returns when the other process is gone.
        name: Of the thread.
    """

    def stop() -> None:
        wait()
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(STOP_GRACE_SECONDS)
        os._exit(128 + signal.SIGTERM)

    threading.Thread(target=stop, name=name, daemon=True).start()


def end_with_parent() -> None:
    """Let a process that Python's multiprocessing started end with its parent.

    It may wait on a queue whose other end it holds itself, so nothing else would tell
    it that a killed parent will never ask again.
    """
    parent = parent_process()
    if parent is not None:
        end_after(parent.join, "end-with-parent")


def skip_exit_handlers(said: str) -> None:
    """Let `end_process` end the process at once, and say why.

    Measured: when its server is gone, Prefect's client tries each event that it still
    holds for 7 s when the process ends, for minutes in all, and has no setting for it.
    """
    _Asked.skips_exit_handlers = True
    sys.stderr.write(f"newsmill: {said}\n")


def end_process(code: int) -> NoReturn:
    """End the process with this code, as `sys.exit` does; once stopped, at once."""
    if not (_Asked.skips_exit_handlers or _Asked.signal_number):
        sys.exit(code)
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError):  # the reader may have left
            stream.flush()
    os._exit(code)
