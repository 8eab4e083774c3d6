"""The articles that were found, in the light of everything that a text may mean.

Knows nothing of how either was worked out.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Final

from faq.search.decide import Verdict
from faq.search.engine import Finding, Match
from faq.search.meanings import Matter, Meaning

#: From this chance on a meaning overrules what the articles alone would answer.
_SURE: Final = 0.5
#: An article on matters of other offices is offered beside a matter of theirs from this score.
_LEAST_AKIN: Final = 0.08
#: A report is far surer than an article from this chance on, where the article has hardly any.
_FAR_SURER, _HARDLY = 0.8, 0.1


def agreed(finding: Finding, meanings: Sequence[Meaning], akin: Collection[str]) -> Finding:
    """What is answered: nothing where the text is plainly nobody's matter here, another article where that is meant.

    akin: the articles that tell of other offices' matters.
    """
    best = meanings[0] if meanings else None
    if best is None or best.chance < _SURE:
        return finding
    if best.matter is Matter.OUTSIDE:
        return _of_others(finding, akin)
    if best.matter is Matter.SERVICE:
        return _beside_report(finding, meanings)
    if best.matter is Matter.ARTICLE and all(match.article != best.id for match in finding.matches[:1]):
        others = tuple(match for match in finding.matches if match.article != best.id)
        return Finding(Verdict.ANSWER, (Match(best.id, best.chance), *others), best.chance)
    return finding


def _beside_report(finding: Finding, meanings: Sequence[Meaning]) -> Finding:
    """An article is no answer to what is far more likely a report."""
    chance = next((each.chance for each in meanings if finding.matches and each.id == finding.matches[0].article), 0.0)
    if meanings[0].chance < _FAR_SURER or chance > _HARDLY:
        return finding
    matches = tuple(replace(match, score=min(match.score, 1 - meanings[0].chance)) for match in finding.matches)
    return Finding(Verdict.OFFER, matches, matches[0].score if matches else 0.0)


def _of_others(finding: Finding, akin: Collection[str]) -> Finding:
    kept = tuple(match for match in finding.matches if match.article in akin and match.score >= _LEAST_AKIN)
    if not kept:
        return Finding(Verdict.UNKNOWN, finding.matches, finding.score)
    if finding.outcome is Verdict.ANSWER and kept[0] == finding.matches[0]:
        return finding
    return Finding(Verdict.OFFER, kept, kept[0].score)
