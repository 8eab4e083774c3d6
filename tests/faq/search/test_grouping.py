"""Questions that ask for the same thing are counted together."""

from faq.search.grouping import group


def test_the_same_matter_in_other_words_is_one_group():
    texts = [
        "cuando abren la alberca",
        "necesito permiso para fiesta",
        "a que hora abren la alberca municipal",
        "¿la alberca esta avierta?",
        "permiso para una fiesta en la calle",
        "se perdió mi perro",
    ]
    assert group(texts) == ((0, 2, 3), (1, 4), (5,))


def test_nothing_is_no_group():
    assert group([]) == ()
    assert group(["hola"]) == ((0,),)
    assert sorted(place for places in group(["a", "a", "?", ""]) for place in places) == [0, 1, 2, 3]
