import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.query import DEEPEST_NESTING, LONGEST_QUERY, MOST_TERMS, QueryError, parse_query
from monitor.query_tree import And, Field, Near, Not, Or, Term, Word, terms


def name(*words: str) -> Term:
    return Term(" ".join(words), tuple(map(Word, words)))


def test_words_side_by_side_are_one_name():
    assert parse_query("нова пошта") == name("нова", "пошта")


def test_or_is_looser_than_and_and_and_looser_than_not():
    assert parse_query("a1 OR b1 AND NOT c1") == Or((name("a1"), And((name("b1"), Not(name("c1"))))))


def test_parts_without_an_operator_are_joined_by_and():
    query = parse_query('нова пошта "кур\'єр" lang:uk')
    exact = Term('"кур\'єр"', (Word("курєр", exact=True),))
    assert query == And((name("нова", "пошта"), exact, Field("lang", "uk")))


def test_a_minus_before_a_word_is_not_and_inside_a_word_a_hyphen():
    assert parse_query("банк -вакансія") == And((name("банк"), Not(name("вакансія"))))
    assert parse_query("приват-банк") == Term("приват-банк", (Word("приват"), Word("банк")))


def test_parentheses_group():
    assert parse_query("(a1 OR b1) c1") == And((Or((name("a1"), name("b1"))), name("c1")))


def test_near_joins_terms_and_groups_of_terms():
    assert parse_query("болт NEAR/5 (таксі OR водій)") == Near(
        (name("болт"),), (name("таксі"), name("водій")), 5
    )


def test_near_can_be_chained():
    first, second = Near((name("a1"),), (name("b1"),), 2), Near((name("b1"),), (name("c1"),), 3)
    assert parse_query("a1 NEAR/2 b1 NEAR/3 c1") == And((first, second))


def test_a_star_makes_a_prefix_and_a_caret_asks_for_a_capital():
    assert parse_query("приват*") == Term("приват*", (Word("приват", prefix=True),))
    assert parse_query("^Розетка") == Term("^Розетка", (Word("розетка", capital=True),))
    assert parse_query('^"Нова Пошта"').words[1] == Word("пошта", exact=True, capital=True)


@pytest.mark.parametrize("quoted", ['"нова пошта"', "«нова пошта»", "“нова пошта”", "„нова пошта“"])
def test_all_usual_quotation_marks_make_a_phrase(quoted: str):
    assert parse_query(quoted).words == (Word("нова", exact=True), Word("пошта", exact=True))


def test_signs_between_words_are_part_of_a_name():
    assert [word.gap for word in parse_query("1+1").words] == ["", "+"]
    assert [word.gap for word in parse_query("booking.com").words] == ["", "."]


def test_signs_before_a_space_inside_a_name_are_part_of_it_and_those_after_it_are_not():
    assert [word.gap for word in parse_query("^Dr. ^Max.").words] == ["", "."]
    assert [word.gap for word in parse_query("Yahoo! News Ромашк* .ua").words] == ["", "!", "", "."]


def test_fields_take_globs_quotes_and_handles():
    query = parse_query('source:forum* author:"Olena K" author:@Petro x1')
    assert query.parts[:3] == (
        Field("source", "forum*"),
        Field("author", "olena k"),
        Field("author", "petro"),
    )


def test_a_comma_may_stand_in_a_number_and_in_quotes():
    assert [word.gap for word in parse_query("вода 1,5").words] == ["", "", ","]
    assert [word.text for word in parse_query('"Бублик, син і ко"').words] == ["бублик", "син", "і", "ко"]


def test_a_name_in_quotes_may_contain_an_operator():
    assert [word.text for word in parse_query('"Johnson and Johnson"').words] == ["johnson", "and", "johnson"]


@pytest.mark.parametrize(
    ("query", "column", "says"),
    [
        ("", 1, "empty"),
        ("  ", 1, "empty"),
        ("банк AND", 9, "expected a word"),
        ("OR банк", 1, "expected a word"),
        ("банк OR OR пошта", 9, "expected a word"),
        ("NOT NOT банк", 5, "expected a word"),
        ("()", 2, "expected a word"),
        ("(банк", 1, "never closed"),
        ("банк)", 5, "closes nothing"),
        ('банк "нова пошта', 6, "no partner"),
        ("«банк", 1, "no partner"),
        ("банк NEAR пошта", 6, "NEAR/5"),
        ("банк NEAR/0 пошта", 6, "from 1 to 50"),
        ("банк NEAR/many пошта", 6, "from 1 to 50"),
        ("банк NEAR/5", 12, "expected a word"),
        ("банк NEAR/5 (a1 AND b1)", 14, "OR between them"),
        ("банк NEAR/5 lang:uk", 13, "OR between them"),
        ("langue:uk банк", 1, "did you mean lang:"),
        ("https://bank.example банк", 1, "no field https:"),
        ("банк lang:de", 6, "expected one of uk, ru, ro, en"),
        ("банк source:", 6, "expected a value"),
        ("банк and пошта", 6, "write AND"),
        ("банк або пошта", 6, "write OR"),
        ("банк OR near/5 пошта", 9, "write NEAR/5"),
        ("-банк", 1, "only what to leave out"),
        ("банк OR NOT пошта", 1, "only what to leave out"),
        ("lang:uk", 1, "only what to leave out"),
        ("ба*", 1, "at least 3 letters"),
        ("*банк", 1, "only at the end"),
        ('"нова пошт*"', 1, "without quotes"),
        ("банк ~2", 6, "no such sign"),
        ("банк || пошта", 6, "no such sign"),
        ("/банк.*/", 1, "no such sign"),
        ("Сільпо, Фора", 1, "write OR"),
        ("Сільпо,Фора", 1, "write OR"),
        ("Сільпо ; Фора", 8, "write OR"),
        ('банк, "нова пошта"', 1, "write OR"),
        ("банк — пошта", 6, "no letter or digit"),
        ('банк "…"', 6, "no word in these quotes"),
    ],
)
def test_a_wrong_query_is_refused_with_the_place_and_the_reason(query: str, column: int, says: str):
    with pytest.raises(QueryError) as refused:
        parse_query(query)
    assert says in refused.value.message
    assert (refused.value.line, refused.value.column) == (1, column)


def test_an_error_shows_the_line_with_a_caret_under_the_place():
    with pytest.raises(QueryError) as refused:
        parse_query("нова пошта AND\n  (укрпошта OR)")
    message, shown, caret = str(refused.value).split("\n")
    assert message.startswith("line 2, column 15: ")
    assert shown[caret.index("^")] == ")"


def test_a_long_line_is_shown_around_the_place():
    with pytest.raises(QueryError) as refused:
        parse_query(" OR ".join(["слово"] * 200) + " AND AND " + " OR ".join(["слово"] * 200))
    _, shown, caret = str(refused.value).split("\n")
    assert len(shown) < 100
    assert shown[caret.index("^") :].startswith("AND слово")


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("a" * (LONGEST_QUERY + 1), "longer than"),
        (" OR ".join(f"b{number}" for number in range(MOST_TERMS + 1)), "more than"),
        ("(" * (DEEPEST_NESTING + 1) + "a" + ")" * (DEEPEST_NESTING + 1), "inside each other"),
    ],
)
def test_a_query_has_bounds(query: str, says: str):
    with pytest.raises(QueryError, match=says):
        parse_query(query)


PIECES = 'нова Пошта AND OR NOT NEAR/5 NEAR ( ) " « » „ ” - * ^ : lang:uk source: and прив* / ~ 1+1 👍'
QUERIES = st.lists(st.sampled_from([*PIECES.split(), "\n", "  "]) | st.text(max_size=6), max_size=25)


def refusal(text: str) -> QueryError | None:
    try:
        parse_query(text)
    except QueryError as refused:
        return refused
    return None


@settings(max_examples=400, deadline=None)
@given(QUERIES, st.sampled_from(["", " "]))
def test_any_text_is_a_query_or_is_refused_with_a_place_inside_it(parts: list[str], between: str):
    text = between.join(parts)
    refused = refusal(text)
    if refused:
        lines = text.split("\n")
        assert 1 <= refused.line <= len(lines)
        assert 1 <= refused.column <= len(lines[refused.line - 1]) + 1
    else:
        assert all(word.text for term in terms(parse_query(text)) for word in term.words)
