"""Score stored articles with another classifier version: its tasks in their order."""

from flows.runners.runner import Runner
from flows.settings import Settings
from flows.tasks.classifier_versions import promote_version, score_articles


def reclassify(settings: Settings, version: str, run: Runner, *, promote: bool) -> int:
    """Score all stored articles with a classifier version that has not scored them.

    Scores of other versions stay. A run that was stopped goes on where it was.

    Args:
        settings: Name the warehouse.
        version: Of the classifier: the name that `newsmill train --version` gave it.
        run: Calls the tasks.
        promote: Let the views show this version afterwards.

    Returns:
        Articles that were scored.

    Raises:
        UsageError: There are no weights of that version.
        WarehouseBusyError: Another writer holds the lock for too long.
    """
    scored = run(score_articles, settings, version)
    if promote:
        run(promote_version, settings, version)
    return scored
