import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from transforms.reference import read_weights
from transforms.version import transform_version

ROOT = Path(__file__).parents[3]
pytestmark = pytest.mark.compiled
ASK = "from transforms.version import transform_version; print(transform_version())"


@pytest.fixture
def copy(tmp_path):
    """The package and its lists in another folder, written in another order."""
    for name in ("transforms", "seeds/reference"):
        for path in sorted((ROOT / name).rglob("*"), reverse=True):
            if path.is_file() and "__pycache__" not in path.parts:
                target = tmp_path / path.relative_to(ROOT)
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, target)
                os.utime(target, (0, 0))
    return tmp_path


def version_of(folder):
    """As a process tells it that imports the package from the folder."""
    asked = subprocess.run(
        [sys.executable, "-c", ASK],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=True,
    )
    return asked.stdout.strip()


def test_version_is_that_of_the_content_wherever_it_lies(copy):
    cache = copy / "transforms/text/__pycache__"
    cache.mkdir()
    (cache / "lines.cpython-311.pyc").write_bytes(b"compiled")

    assert version_of(copy) == transform_version()
    assert len(transform_version()) <= 20


@pytest.mark.parametrize(
    ("name", "is_other"),
    [
        ("transforms/clean/clean.py", True),
        ("transforms/text/lines.py", True),
        ("transforms/split/split.py", True),
        ("transforms/weights/split.npz", True),
        ("transforms/weights/dates.npz", True),
        ("seeds/reference/line_patterns.csv", True),
        ("seeds/reference/sources.csv", True),
        ("seeds/reference/date_words.csv", True),
        ("seeds/reference/places.csv", True),
        ("seeds/reference/categories.csv", True),
        ("seeds/reference/gazetteer.csv", True),
        ("seeds/reference/landmarks.csv", True),
        ("seeds/reference/place_spellings.csv", True),
        ("seeds/reference/place_words.csv", True),
        ("seeds/reference/demonyms.csv", True),
        ("seeds/reference/name_words.csv", True),
        ("seeds/reference/organisations.csv", True),
        ("seeds/reference/persons.csv", True),
        ("seeds/reference/lexicon_quantities.csv", True),
        ("transforms/text/inert.py", False),
        ("transforms/split/fit.py", False),
        ("transforms/evaluate/evaluate.py", False),
        ("transforms/classify/score_kernels.py", True),
        ("transforms/text/locate.py", True),
        ("transforms/classify/fit/calibration.py", False),
        ("transforms/weights/classify.npz", False),
        ("seeds/reference/lexicon_topics.csv", False),
        ("seeds/reference/lexicon_acts.csv", False),
        ("seeds/reference/lexicon_translated.csv", False),
        ("seeds/reference/labelled_briefs.csv", False),
    ],
)
def test_one_more_byte_is_another_version_where_it_decides_rows(copy, name, is_other):
    with (copy / name).open("ab") as file:
        file.write(b"\n")

    assert (version_of(copy) != transform_version()) == is_other


def test_every_list_and_weight_is_known_to_decide_or_not(copy):
    """A new one that nobody thought of here fails this test."""
    asked = Path(__file__).read_text("utf-8")

    for folder, ending in (("transforms/weights", "npz"), ("seeds/reference", "csv")):
        for path in (copy / folder).glob(f"*.{ending}"):
            assert f'"{folder}/{path.name}"' in asked, path.name


def test_removed_and_renamed_modules_are_another_version(copy):
    (copy / "transforms/text/lines.py").rename(copy / "transforms/text/rows.py")

    assert version_of(copy) != transform_version()


def test_own_weights_are_another_version_unless_they_are_the_shipped_ones():
    assert transform_version(b"own") != transform_version()
    assert transform_version(read_weights("split")) == transform_version()
