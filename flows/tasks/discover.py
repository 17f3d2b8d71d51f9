"""What lies at the given paths."""

from flows.settings import Settings
from flows.tasks.session import FoundFiles
from transforms.discover.discover import discover as discover_files
from warehouse.landing.listing import list_entries


def discover(settings: Settings) -> FoundFiles:
    """List the paths and tell inputs from what cannot be one.

    Raises:
        UsageError: A path does not exist.
    """
    entries = list_entries(settings.seeds, follow_symlinks=settings.follow_symlinks)
    return FoundFiles(*discover_files(entries))
