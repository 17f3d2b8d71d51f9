"""Which weights a run uses, those of its user included, and where they lie."""

import re
from collections.abc import Callable, Collection
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from flows.settings import Settings
from transforms.classify.classifier import (
    Classifier,
    read_classifier,
    shipped_classifier,
)
from transforms.errors import UsageError, WeightsError
from transforms.version import transform_version
from warehouse.lake.address import folder_beside
from warehouse.landing.paths import read_named

if TYPE_CHECKING:
    from transforms.split.trees import Trees

CLASSIFIER_FOLDER: Final = "classifiers"
SPLITTER_FOLDER: Final = "splitters"

_MOST_FILE_BYTES: Final = 32 << 20
_VERSION_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,63}")

T = TypeVar("T")


def read_weights_file(path: Path) -> bytes:
    """The bytes of a file that may be weights by its kind and size.

    Raises:
        UsageError: It cannot be read, is no regular file, or is far too large.
    """
    return read_named(path, _MOST_FILE_BYTES)


def _read(path: Path, read: Callable[[bytes], T]) -> T:
    content = read_weights_file(path)
    try:
        return read(content)
    except WeightsError as error:
        raise WeightsError(error.stage, error.problem, str(path)) from error


@cache
def load_classifier(path: Path | None) -> Classifier:
    """The classifier of a file; None means the one that ships.

    Raises:
        WeightsError: The file is no classifier, or of other categories.
        UsageError: It cannot be read.
    """
    return _read(path, read_classifier) if path else shipped_classifier()


@cache
def load_splitter(path: Path | None) -> "dict[str, Trees]":
    """The splitter of a file; None means the one that ships.

    Raises:
        WeightsError: The file is no splitter.
        UsageError: It cannot be read.
    """
    from transforms.split.trees import read_models, shipped_models

    return _read(path, read_models) if path else shipped_models()


def require_weights(settings: Settings) -> None:
    """Read the weights that the user named, before a run does anything with them.

    Raises:
        WeightsError: A file is no such weights.
        UsageError: It cannot be read.
    """
    if settings.classifier:
        load_classifier(settings.classifier)
    if settings.splitter:
        load_splitter(settings.splitter)


def version_with(splitter: Path | None, without: Collection[str] = ()) -> str:
    """Version of the transforms as they are set.

    Args:
        splitter: A file with weights; None are those that ship.
        without: What is left out, as in the settings; what was read without it is read
            again by a run that does not leave it out, and the other way round.

    Raises:
        UsageError: The file cannot be read.
    """
    version = _read(splitter, transform_version) if splitter else transform_version()
    return " ".join([version, *(f"without {name}" for name in sorted(without))])


def classifier_file(settings: Settings, version: str) -> Path:
    """Where `newsmill train` puts a version, and where it is looked for."""
    return folder_beside(settings.warehouse) / CLASSIFIER_FOLDER / f"{version}.npz"


def splitter_file(settings: Settings, version: str) -> Path:
    """Where `newsmill train --stage split` puts a version."""
    return folder_beside(settings.warehouse) / SPLITTER_FOLDER / f"{version}.npz"


def require_version_name(version: str) -> None:
    """Raise UsageError unless the name of a version can be that of a file."""
    if not _VERSION_NAME.fullmatch(version):
        raise UsageError(
            f"--version: got {version!r}, expected at most 64 letters, digits, dots, "
            "dashes, and underscores, the first a letter or a digit",
            "Give another name",
        )


def find_weights(settings: Settings, version: str) -> Path | None:
    """Weights of a version; None means those that ship.

    Raises:
        UsageError: Neither the shipped version nor a file of that name.
    """
    require_version_name(version)
    path = classifier_file(settings, version)
    if path.is_file():
        return path
    if shipped_classifier().facts.version == version:
        return None
    raise UsageError(
        f"no weights of version {version!r}: {path} is missing",
        f"`newsmill train DATA --version {version}` makes them",
    )


def serving_weights(settings: Settings) -> Path | None:
    """Weights that a run classifies with; None means those that ship.

    The version that serves, so that new articles get labels of the same version as old
    ones. When its weights are gone, those that ship are used: a new release has new
    ones, and the version that served is history then.
    """
    # Processes that only transform have no need of the database.
    from warehouse.amend.classifier_versions import list_versions
    from warehouse.open_reader import warehouse_exists

    if settings.classifier is not None:
        return settings.classifier
    if not warehouse_exists(settings.warehouse):
        return None
    serving = [row for row in list_versions(settings.warehouse) if row["is_serving"]]
    shipped = shipped_classifier().facts.weights_sha256
    if not serving or serving[0]["weights_sha256"] == shipped:
        return None
    path = classifier_file(settings, serving[0]["version"])
    return path if path.is_file() else None
