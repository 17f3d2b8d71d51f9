"""What lies at the given paths."""

from flows.settings import Settings
from flows.tasks.session import Found
from transforms.discover.discover import discover as discover_files
from warehouse.landing.listing import list_entries


def discover(settings: Settings) -> Found:
    """List the paths and tell inputs from what cannot be one.

    Raises:
        UsageError: A path does not exist.
    """
    entries = list_entries(settings.seeds, follow_symlinks=settings.follow_symlinks)
    return Found(*discover_files(entries))
