"""Which classifier weights a run uses, and where those of other versions lie."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

from flows.settings import Settings
from transforms.classify.weights_file import Classifier, load_classifier
from transforms.errors import UsageError
from warehouse.amend.classifier_versions import list_versions
from warehouse.lake.address import folder_beside
from warehouse.open_reader import warehouse_exists

if TYPE_CHECKING:
    from transforms.star.star import Classifier as ClassifierFacts

FOLDER: Final = "classifiers"
SPLITTER_FOLDER: Final = "splitters"


def classifier_facts(classifier: Classifier) -> "ClassifierFacts":
    """What the warehouse keeps of a version."""
    from transforms.star.star import Classifier as ClassifierFacts

    return ClassifierFacts(
        classifier.name,
        classifier.version,
        classifier.weights_sha256,
        classifier.gold_sha256,
        classifier.macro_f1,
    )


def weights_folder(settings: Settings) -> Path:
    """Where `newsmill train` puts versions, and where they are looked for."""
    return folder_beside(settings.warehouse) / FOLDER


def splitter_file(settings: Settings, version: str) -> Path:
    """Where `newsmill train --stage split` puts a version."""
    return folder_beside(settings.warehouse) / SPLITTER_FOLDER / f"{version}.npz"


def find_weights(settings: Settings, version: str) -> Path | None:
    """Weights of a version; None means those that ship.

    Raises:
        UsageError: Neither the shipped version nor a file of that name.
    """
    path = weights_folder(settings) / f"{version}.weights"
    if path.is_file():
        return path
    if load_classifier().version == version:
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
    if settings.classifier is not None:
        return settings.classifier
    if not warehouse_exists(settings.warehouse):
        return None
    serving = [row for row in list_versions(settings.warehouse) if row["is_serving"]]
    if not serving or serving[0]["weights_sha256"] == load_classifier().weights_sha256:
        return None
    path = weights_folder(settings) / f"{serving[0]['version']}.weights"
    return path if path.is_file() else None
