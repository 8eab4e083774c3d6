"""What `python -m bot faq check` says of a content folder. Knows nothing of how it is printed."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Final

from faq.measuring.rehearsal import Trial, rehearse
from faq.model import Article, Problem
from faq.reading.articles import ArticleFile
from faq.reading.library import Content, read
from faq.reading.messages import Messages
from faq.reading.notes import did_you_mean
from faq.reading.shipped import shipped_texts
from faq.text import fold

#: Looks over what was read and tells what it finds.
ContentCheck = Callable[[Content, date], Iterator[Problem]]


#: Every text key that the program can ask for, and the places that do.
NeededTexts = Mapping[str, tuple[str, ...]]


def check(folder: Path, today: date, needed: NeededTexts | None = None) -> tuple[Problem, ...]:
    """Every mistake and everything that should be looked at, in the order of files and lines; never raises.

    needed: what texts are looked for; without it nothing is said of texts that are missing, or that nobody asks for.
    """
    content = read(folder, today=today)
    found = [*content.problems, *(problem for each in CHECKS for problem in each(content, today))]
    found += texts_of_the_counter(content, needed) if needed else ()
    return tuple(sorted(dict.fromkeys(found), key=lambda p: (p.file, p.line, not p.is_error, p.message)))


def shared_questions(content: Content, _today: date) -> Iterator[Problem]:
    """The same example question in two articles, or twice in one: neither can be told from the other by it."""
    first: dict[tuple[str, str], ArticleFile] = {}
    for each in content.articles:
        article = each.article
        for i, question in enumerate(article.questions, 1):
            other = first.setdefault((article.language, fold(question)), each)
            line = each.lines.get(f"questions {i}", each.line("questions"))
            if other is not each:
                message = f"question {question!r} is also in {other.article.file}: keep it where it belongs"
                yield Problem(article.file, line, message, is_error=False)
            elif any(fold(question) == fold(earlier) for earlier in article.questions[: i - 1]):
                yield Problem(article.file, line, f"question {question!r} is there twice", is_error=False)


def untranslated_articles(content: Content, _today: date) -> Iterator[Problem]:
    """Articles that a language lacks; one line for a language that has none at all."""
    spanish = [each.article for each in content.articles if each.article.language == "es"]
    for language in content.languages[1:]:
        own = {each.article.id for each in content.articles if each.article.language == language}
        missing = [article for article in spanish if article.id not in own]
        if not own and missing:
            message = f"none of the {len(missing)} articles has a translation: residents get the Spanish ones"
            yield Problem(f"{language}/articles", 0, message, is_error=False)
        else:
            for article in missing:
                message = f"{article.id} has no translation in {language}: residents get the Spanish one"
                yield Problem(article.file, 1, message, is_error=False)


def competing_articles(content: Content, _today: date) -> Iterator[Problem]:
    """Questions that another article would be taken for, and articles that people would not find."""
    for language in content.languages:
        files = {each.article.id: each for each in content.articles if each.article.language == language}
        lost: dict[str, list[Trial]] = {}
        for trial in rehearse([each.article for each in files.values()]):
            article, rival = trial.article, trial.rival
            question = article.questions[trial.number - 1]
            if trial.is_contested and fold(question) not in map(fold, rival.questions):
                message = (
                    f"question {question!r} competes with {rival.file} ({trial.rivals:.2f} there, {trial.own:.2f} "
                    "with the other wordings here): keep it where it belongs, or tell the two apart"
                )
                yield Problem(article.file, _question_line(files[article.id], trial.number), message, is_error=False)
            elif not trial.is_found:
                lost.setdefault(article.id, []).append(trial)
        yield from (_hard_to_find(files[each], trials) for each, trials in lost.items() if _is_mostly(trials))


def texts_of_the_counter(content: Content, needed: NeededTexts) -> Iterator[Problem]:
    """Texts that a language of the town lacks, with where they are used, and those that nobody asks for."""
    shipped = {key for texts in shipped_texts().values() for key in texts}
    for language, messages in content.messages.items():
        yield from _missing_texts(language, messages, needed)
        for key, item in messages.places.items():
            if key not in needed and key not in shipped:
                message = f"nobody asks for {key}: it is never shown{did_you_mean(key, needed)}"
                yield Problem(item.file, item.line, message, is_error=False)


def _missing_texts(language: str, messages: Messages, needed: NeededTexts) -> Iterator[Problem]:
    missing = [key for key in needed if key not in messages.texts]
    if not messages.texts or not messages.is_whole:
        return  # that the files are missing, or broken, was said by their reader
    if len(missing) > len(needed) // 2:
        message = f"has {len(needed) - len(missing)} of {len(needed)} texts: the others come with the program"
        yield Problem(f"{language}/messages", 0, message, is_error=False)
        return
    shipped = shipped_texts().get(language, {})
    for key in missing:
        instead = "the program's own is used" if key in shipped else f"that of another language than {language} is used"
        message = f"{key} has no text: {instead} (asked for in {', '.join(needed[key])})"
        yield Problem(f"{language}/messages", 0, message, is_error=False)


def _is_mostly(trials: list[Trial]) -> bool:
    return 5 * len(trials) >= 4 * len(trials[0].article.questions)


def _hard_to_find(file: ArticleFile, trials: list[Trial]) -> Problem:
    article: Article = file.article
    shown = ", ".join(repr(article.questions[trial.number - 1]) for trial in trials[:3])
    message = (
        f"{len(trials)} of its {len(article.questions)} questions would not find this article by the others "
        f"(such as {shown}): add more ways of asking for it"
    )
    return Problem(article.file, _question_line(file, trials[0].number), message, is_error=False)


def _question_line(file: ArticleFile, number: int) -> int:
    return file.lines.get(f"questions {number}", file.line("questions"))


#: Every check besides those that reading itself makes. A new one is added here.
CHECKS: Final[tuple[ContentCheck, ...]] = (shared_questions, untranslated_articles, competing_articles)
