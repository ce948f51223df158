from __future__ import annotations

import pytest

from course_utils import set_language
from course_utils.articles import articles
from course_utils.language import LANGUAGES
from course_utils.tokens import count_tokens


def test_every_language_has_the_same_articles_and_the_first_is_the_longest():
    names = [list(articles(language)) for language in LANGUAGES]
    assert names[0] == names[1] == ["1_night_library", "2_otter", "3_repair_day"]
    for language in LANGUAGES:
        first, *others = map(len, articles(language).values())
        assert first > max(others)


def test_the_first_is_as_long_as_a_news_article():
    first = next(iter(articles("ko").values()))
    assert 1_200 <= len(first) <= 1_400


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_language_of_the_messages_is_the_default(language: str):
    set_language(language)
    try:
        assert articles() == articles(language)
    finally:
        set_language(None)


def test_korean_takes_fewer_tokens_in_the_newer_encoding():
    for text in articles("ko").values():
        old, new = (count_tokens(text, encoding=name) for name in ("cl100k_base", "o200k_base"))
        assert new < 0.7 * old


def test_a_language_without_articles():
    with pytest.raises(FileNotFoundError):
        articles("fr")
