"""Who is blamed, in Chinese, where rules and the tagger differ: the rules tell it.

On real messages the rules over guesses by form find the party better than the tagger's role "cause" (docs/architecture.md has the
figures), but the tagger's mentions leave out guesses whose edges it does not see alike. Those that the rules blame come back.
"""

from collections.abc import Sequence
from dataclasses import replace

from core.types import Mention, MentionKind, Role
from extraction.relations import PARTY_SURE, Accusations, find_accused, with_registered_names
from extraction.scope import Scopes

__all__ = ["accuse", "agreed", "with_blamed"]


def with_blamed(found: Sequence[Mention], by_rule: Accusations) -> list[Mention]:
    """The mentions found, with those that the rules blame in place of what they overlap."""
    blamed = [
        replace(by_rule.mentions[one.mention], target=None, role=Role.CAUSE)
        for one in by_rule.relations
        if one.mention is not None and one.confidence >= PARTY_SURE
    ]
    rest = [
        replace(mention, role=None) if mention.role is Role.CAUSE else mention
        for mention in found
        if all(mention.end <= one.start or one.end <= mention.start for one in blamed)
    ]
    return sorted([*rest, *blamed], key=lambda mention: mention.start)


def accuse(text: str, told: Sequence[Mention], scopes: Scopes) -> Accusations:
    """Whom the rules blame among what would be found without the tagger."""
    return find_accused(text, with_registered_names(text, told), scopes)


def agreed(accusations: Accusations, by_rule: Accusations) -> Accusations:
    """The accusations' mentions and organisations, with the relations of the rules, as far as their mentions are there."""
    places = {(mention.start, mention.end): index for index, mention in enumerate(accusations.mentions)}
    relations = tuple(
        replace(one, mention=index)
        for one in by_rule.relations
        if one.mention is not None
        and (index := places.get((by_rule.mentions[one.mention].start, by_rule.mentions[one.mention].end))) is not None
    )
    names = {one.target: by_rule.organizations[one.target] for one in relations}
    mentions = list(accusations.mentions)
    for one in relations:
        if one.mention is not None and mentions[one.mention].kind is MentionKind.ORGANIZATION:
            mentions[one.mention] = replace(mentions[one.mention], target=one.target)
    return Accusations(tuple(mentions), relations, {**accusations.organizations, **names})
