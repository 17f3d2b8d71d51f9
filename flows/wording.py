"""Counts with their nouns, and the words of a run's tasks and of next steps."""

from collections.abc import Sequence

from transforms.text.closest import closest


def counted(count: int, noun: str) -> str:
    """A count with its noun.

    Example:
        >>> counted(1, "article"), counted(1200, "article")
        ('1 article', '1,200 articles')
    """
    return f"{count:,} {noun}" + "s" * (count != 1)


def did_you_mean(word: str, known: Sequence[str]) -> str:
    """The next step after a word that is not known.

    Example:
        >>> did_you_mean("jsn", ["csv", "json"])
        'Did you mean json?'
        >>> did_you_mean("?", ["csv", "json"])
        'One of csv, json'
    """
    meant = closest(word, known)
    return f"Did you mean {meant}?" if meant else f"One of {', '.join(known)}"


def task_words(task: str) -> str:
    """A task of a run as people read it.

    Example:
        >>> task_words("transform_batch"), task_words("extract_metadata")
        ('transform batch', 'extract metadata')
    """
    return task.replace("_", " ")
