"""What lies at the given paths."""

from pathlib import Path

from flows.api_address import prefect_home
from flows.settings import Settings
from flows.tasks.session import FoundFiles
from transforms.discover.discover import discover as discover_files
from transforms.reference import LISTS
from warehouse.lake.address import own_paths
from warehouse.landing.listing import list_entries


def discover(settings: Settings) -> FoundFiles:
    """List the paths and tell inputs from what cannot be one.

    Raises:
        UsageError: A path does not exist.
    """
    entries = list_entries(
        settings.seeds,
        follow_symlinks=settings.follow_symlinks,
        apart=[*own_paths(settings.warehouse), prefect_home(), Path(str(LISTS))],
    )
    return FoundFiles(*discover_files(entries, ignore=settings.ignore))
