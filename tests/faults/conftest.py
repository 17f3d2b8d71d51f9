import pytest

from tests.faults.scene import Scene

# Each of these costs a run or more, and one of its kind is in the gate; `make
# test-faults` has them all.
HEAVY = (
    "test_bad_file_is_listed_and_the_other_loads",
    "test_killed_run_publishes_all_or_nothing_and_the_next_completes",
    "test_signal_ends_a_run_soon_and_what_is_said_is_true",
    "test_killed_small_runs_converge",
    "test_warehouse_deleted_and_built_again_is_equal",
)
IN_THE_GATE = (
    "[binary]",
    "[bomb]",
    "[pipe]",
    "[before_replace]",
    "[recorded-server-ctrl_c]",
    "[direct-audit-term]",
)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    for item in items:
        if item.name.startswith(HEAVY) and not item.name.endswith(IN_THE_GATE):
            item.add_marker(pytest.mark.full)


@pytest.fixture
def scene(tmp_path):
    return Scene(tmp_path)
