"""Articles and offices as residents may read them: what the town has still to fill in is not there, nor any source.

The one place where that is done; who edits reads the files as they are written.
"""

from dataclasses import replace

from faq.filled import cut, filled, is_filled
from faq.model import Article, Department


def told(article: Article) -> Article:
    """An article without its gaps and without its source, which is for editors."""
    return replace(
        article,
        title=article.title if is_filled(article.title) else cut(article.title).text.rstrip("."),
        body=cut(article.body).text,
        cost=filled(article.cost),
        duration=filled(article.duration),
        hours=filled(article.hours),
        requirements=tuple(each for each in article.requirements if is_filled(each)),
        actions=tuple(each for each in article.actions if is_filled(each)),
        source=None,
    )


def lacks_something(article: Article) -> bool:
    """Whether anything of an article as it is written is not told, so that residents hear where to ask instead."""
    return replace(told(article), source=article.source) != article


def told_office(office: Department) -> Department:
    """An office without its gaps."""
    return replace(office, phone=filled(office.phone), address=filled(office.address), hours=filled(office.hours))
