"""Counts with their nouns, and the words of a run's tasks."""


def counted(count: int, noun: str) -> str:
    """A count with its noun.

    Example:
        >>> counted(1, "article"), counted(1200, "article")
        ('1 article', '1,200 articles')
    """
    return f"{count:,} {noun}" + "s" * (count != 1)


def task_words(task: str) -> str:
    """A task of a run as people read it.

    Example:
        >>> task_words("transform_batch"), task_words("extract_metadata")
        ('transform batch', 'extract metadata')
    """
    return task.replace("_", " ")
