"""All errors that Newsmill raises on purpose, and the exit code of each.

The constructors take facts and pass them on unchanged, so that an error survives
pickling between worker processes; the message is built by `__str__`.
"""

from enum import IntEnum
from typing import ClassVar, Final

SHOWN_DAMAGES: Final = 5


class ExitCode(IntEnum):
    """What the command line returns to the shell (ARCHITECTURE, part 6)."""

    OK = 0
    OTHER = 1
    USAGE = 2
    QUARANTINED = 3
    BUSY = 4
    UNUSABLE = 5
    OUT_OF_SPACE = 6
    AUDIT_FAILED = 14
    INTERRUPTED = 130
    TERMINATED = 143


class NewsmillError(Exception):
    """Shown to the user without a traceback."""

    exit_code: ClassVar[ExitCode] = ExitCode.OTHER


class SettingsError(NewsmillError):
    """A setting is missing, unknown, or contradicts another."""

    exit_code = ExitCode.USAGE

    def __init__(self, setting: str, got: str, expected: str) -> None:
        super().__init__(setting, got, expected)
        self.setting, self.got, self.expected = setting, got, expected

    def __str__(self) -> str:
        return f"{self.setting}: got {self.got}, expected {self.expected}"


class UsageError(NewsmillError):
    """The command cannot be carried out as it was asked."""

    exit_code = ExitCode.USAGE

    def __init__(self, message: str, next_step: str = "") -> None:
        super().__init__(message, next_step)
        self.message, self.next_step = message, next_step

    def __str__(self) -> str:
        return f"{self.message}. {self.next_step}" if self.next_step else self.message


class InputError(NewsmillError):
    """A path could not be read; `is_transient` says whether a retry may help."""

    def __init__(
        self,
        path: str,
        reason_code: str,
        detail: str = "",
        *,
        is_transient: bool = False,
    ) -> None:
        super().__init__(path, reason_code, detail)
        self.path, self.reason_code, self.detail = path, reason_code, detail
        self.is_transient = is_transient

    def __str__(self) -> str:
        return f"{self.path}: {self.reason_code}" + (
            f" ({self.detail})" if self.detail else ""
        )


class ContractError(NewsmillError):
    """A frame that a stage takes or gives does not have the agreed columns."""

    def __init__(self, stage: str, contract: str, problems: list[str]) -> None:
        super().__init__(stage, contract, problems)
        self.stage, self.contract, self.problems = stage, contract, problems

    def __str__(self) -> str:
        return f"{self.stage}: {self.contract}: {'; '.join(self.problems)}"


class WeightsError(NewsmillError):
    """A file of weights is none, is damaged, or belongs to another version."""

    exit_code = ExitCode.USAGE

    def __init__(self, stage: str, problem: str, path: str = "") -> None:
        super().__init__(stage, problem, path)
        self.stage, self.problem, self.path = stage, problem, path

    def __str__(self) -> str:
        where = f"{self.path}: " if self.path else ""
        return (
            f"{where}no weights of this Newsmill ({self.stage}): {self.problem}. "
            f"`newsmill train DATA --stage {self.stage}` makes some"
        )


class ConservationError(NewsmillError):
    """Rows or characters went in that neither came out nor were accounted for."""

    exit_code = ExitCode.AUDIT_FAILED

    def __init__(self, stage: str, unit: str, expected: int, got: int) -> None:
        super().__init__(stage, unit, expected, got)
        self.stage, self.unit, self.expected, self.got = stage, unit, expected, got

    def __str__(self) -> str:
        return (
            f"{self.stage}: {self.got} {self.unit} accounted for, "
            f"expected {self.expected}; nothing was published"
        )


class AuditFailedError(NewsmillError):
    """A critical expectation failed: nothing was published."""

    exit_code = ExitCode.AUDIT_FAILED

    def __init__(self, failed: list[str], first_place: str = "") -> None:
        super().__init__(failed, first_place)
        self.failed, self.first_place = failed, first_place

    def __str__(self) -> str:
        first = f"First in {self.first_place}. " if self.first_place else ""
        return (
            f"audit failed, nothing was published: {', '.join(self.failed)}. {first}"
            "The warehouse is as it was before this run"
        )


class AuditBrokenError(NewsmillError):
    """The audit itself could not run; says nothing about the data."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(code, detail)
        self.code, self.detail = code, detail

    def __str__(self) -> str:
        return f"audit: {self.code} could not be checked: {self.detail}"


class WarehouseBusyError(NewsmillError):
    """Another process holds the writer's lock."""

    exit_code = ExitCode.BUSY

    def __init__(self, path: str, holder: str) -> None:
        super().__init__(path, holder)
        self.path, self.holder = path, holder

    def __str__(self) -> str:
        return (
            f"{self.path} is being written by {self.holder}. "
            "Wait for it; --lock-timeout lets a run wait longer"
        )


class WarehouseUnusableError(NewsmillError):
    """Not ours, corrupt, missing, or of a newer schema; the file is left as it is."""

    exit_code = ExitCode.UNUSABLE

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(path, reason)
        self.path, self.reason = path, reason

    def __str__(self) -> str:
        return (
            f"{self.path}: {self.reason}. The file was left as it is; --warehouse "
            "names another"
        )


class WarehouseDamagedError(WarehouseUnusableError):
    """It is not as it was published: the disk or another program has changed it."""

    def __init__(self, path: str, damages: list[str]) -> None:
        super(WarehouseUnusableError, self).__init__(path, damages)
        self.path, self.damages, self.reason = path, damages, "; ".join(damages)

    def __str__(self) -> str:
        shown = "; ".join(self.damages[:SHOWN_DAMAGES])
        more = len(self.damages) - SHOWN_DAMAGES
        return (
            f"{self.path}: {shown}{f'; {more} more' if more > 0 else ''}. "
            "The file was left as it is. Put a copy in its place, or move it away and "
            "run on the same inputs again: all but human labels, notes on held rows, "
            "and the history of runs is rebuilt from them"
        )


class WarehouseMissingError(WarehouseUnusableError):
    """There is none yet."""

    def __init__(
        self, path: str, reason: str = "does not exist yet; `newsmill run` makes it"
    ) -> None:
        super().__init__(path, reason)

    def __str__(self) -> str:
        return f"{self.path} {self.reason}"


class OutOfSpaceError(NewsmillError):
    """The disk or the memory did not suffice; the published file is unchanged."""

    exit_code = ExitCode.OUT_OF_SPACE

    def __init__(self, what: str, detail: str) -> None:
        super().__init__(what, detail)
        self.what, self.detail = what, detail

    def __str__(self) -> str:
        return (
            f"out of {self.what}: {self.detail}. The warehouse is as it was before; "
            "free some and run again"
        )
