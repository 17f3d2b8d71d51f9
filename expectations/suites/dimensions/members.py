"""Rules that all dimensions share."""

from great_expectations.expectations import Expectation

from expectations.rules.vocabulary import block, present, true, unique


def key_rules(key: str, thing: str = "member") -> list[Expectation]:
    """The surrogate key is there and unique."""
    return [
        present(
            key,
            block("key_present", f"Every {thing} has a key", "Look at build_star."),
        ),
        unique(
            [key],
            block(
                "key_unique",
                f"One row per {thing}",
                f"build_star must merge the {thing}s of all batches.",
            ),
        ),
    ]


def collision_rule() -> Expectation:
    """A known key keeps its natural key."""
    return true(
        "is_key_free_of_collision",
        block(
            "key_free_of_collision",
            "No published member has this key and another natural key",
            "Two names share 63 bits, or a member was renamed: see transforms/keys.py.",
        ),
    )


def name_rule() -> Expectation:
    """Every member but the unknown one is named."""
    return true(
        "is_named",
        block(
            "name_not_empty",
            "Every member but the unknown one has a name",
            "transforms/extract_metadata/ gave a blank instead of nothing.",
        ),
    )
