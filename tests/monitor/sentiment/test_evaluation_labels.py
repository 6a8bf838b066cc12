"""Which column holds what, and which label means what: as people have them in their files."""

import re

import pytest

from monitor.sentiment.evaluation.lines import EvaluationError
from monitor.sentiment.evaluation.meanings import parse_labels
from monitor.sentiment.evaluation.rows import rows
from tests.monitor.sentiment.labelled import BAD, GOOD, jsonl, look, refusal, sentiments


@pytest.mark.parametrize(
    ("spelled", "meant"),
    [
        ("Negative", 0),
        ("NEG", 0),
        (-1, 0),
        (-1.0, 0),
        ("негативний", 0),
        (" pozitiv ", 2),
        ("\N{MINUS SIGN}1", 0),
        ("Extremely Negative", 0),
        ("very_positive", 2),
        ("Дуже негативний", 0),
        ("somewhat-positive", 2),
        ("neutru", 1),
        ("+1", 2),
    ],
)
def test_usual_spellings_are_known(write, spelled, meant):
    path = write(jsonl({"text": BAD, "label": spelled}, {"text": BAD, "label": -1}))
    assert sentiments(path)[0] == meant


def test_zero_beside_minus_one_is_neutral(write):
    path = write(f"text;label\n{GOOD};1\n{BAD};-1\nО дев'ятій;0\n")
    assert sentiments(path) == [2, 0, 1]


def test_numbers_that_may_mean_anything_are_asked_about(write):
    path = write(f"text;label\n{GOOD};2\n{BAD};0\nО дев'ятій;1\n")
    assert "'0', '1', '2'" in refusal(path)
    assert "--labels 0=negative,1=neutral,2=positive" in refusal(path)
    assert sentiments(path, "0=negative,1=neutral,2=positive") == [2, 0, 1]


@pytest.mark.parametrize(
    ("scale", "guess"),
    [
        ("5 4 1", "1=negative,4=positive,5=positive"),
        ("3 4 5", "3=neutral,4=positive,5=positive"),
        ("10 0 3 7 6", "0=negative,3=negative,6=neutral,7=positive,10=positive"),
        ("0 1", "0=negative,1=positive"),
        ("0 2 4 1 3", "0=negative,1=negative,2=neutral,3=positive,4=positive"),
        ("-2 0 1 2 -1", "-2=negative,-1=negative,0=neutral,1=positive,2=positive"),
        ("★★★★★ ★☆☆☆☆", "★☆☆☆☆=negative,★★★★★=positive"),
        ("5/5 1/5", "1/5=negative,5/5=positive"),
        ("1,5 4,5", "1.5=negative,4.5=positive"),
    ],
)
def test_a_scale_is_guessed_at_by_its_values(write, scale, guess):
    path = write("відгук;оцінка\n" + "".join(f"{GOOD};{mark}\n" for mark in scale.split()))
    said = refusal(path)
    assert guess in said
    assert sentiments(path, guess)


def test_half_a_mark_is_said_with_a_point_or_a_comma(write):
    path = write(f"text;nota\n{BAD};1,5\n{GOOD};4,5\nО 9;3\n")
    assert sentiments(path, "1.5=negative,3=neutral,4.5=positive") == [0, 2, 1]


def test_of_words_that_are_not_known_nothing_is_guessed(write):
    said = refusal(write(f"text;label\n{BAD};bad\n{GOOD};good\nО 9;mixed\n"))
    assert "as in --labels bad=negative;" in said
    assert "good=" not in said


def test_what_was_said_of_stars_does_not_turn_the_signs_of_another_file_around(write):
    path = write(f"text;label\n{BAD};-1\n{GOOD};1\nО 9;0\n")
    stars = "1=negative,2=negative,3=neutral,4=positive,5=positive"
    assert "1=negative" in refusal(path, stars)
    assert "has -1 too" in refusal(path, stars)
    assert sentiments(path, f"-1=negative,0=neutral,{stars}") == [0, 0, 1]
    assert sentiments(path, "0=skip") == [0, 2]


def test_a_half_hearted_number_of_excel_is_the_number(write):
    assert sentiments(write(f"text;label\n{GOOD};1,0\n{BAD};-1,0\n")) == [2, 0]


def test_an_unknown_label_is_named_with_those_there_are(write):
    said = refusal(write(f"text;label\n{GOOD};positive\n{BAD};grumpy\n"))
    assert "'grumpy'" in said
    assert "--labels grumpy=skip" in said
    assert "'positive'" in said
    assert "column 'label'" in said


def test_labels_may_be_skipped_by_name(write):
    path = write(f"text;label\n{GOOD};positive\n{BAD};negative\nla-la;song\n")
    assert sentiments(path, "song=skip") == [2, 0]
    assert look(path, "song=skip").left_out == {"song": 1}


def test_another_column_of_labels_is_named_where_the_first_makes_no_sense(write):
    path = write(f"text;label;sentiment\n{BAD};billing;negative\n{GOOD};app;positive\n")
    assert "--label: there is 'sentiment'" in refusal(path)
    assert sentiments(path, label="sentiment") == [0, 2]


def test_a_column_of_complaints_in_words_can_be_left_out(write):
    path = write(f"text;sentiment;complaint\n{BAD};negative;no power\n{GOOD};positive;slow app\n")
    assert "leave that column out with --label 'sentiment'" in refusal(path)
    assert [(row.sentiment, row.complaint) for row in rows(look(path, label="sentiment"))] == [
        (0, None),
        (2, None),
    ]


def test_a_complaint_is_seen_behind_many_other_kinds(write):
    many = "".join(f"{GOOD};kind {n}\n" for n in range(60))
    found = look(write(f"text;kind\n{many}{BAD};скарга\n"), "скарга=complaint")
    assert sum(bool(row.complaint) for row in rows(found)) == 1


def test_of_columns_that_may_be_the_text_the_one_with_words_is_it(write):
    path = write(
        f"id;post;comment;label\n1;https://example.org/1;{BAD};negative\n2;https://example.org/2;{GOOD};positive\n"
    )
    assert [row.text for row in rows(look(path))] == [BAD, GOOD]
    assert next(rows(look(path, text="post"))).text == "https://example.org/1"


def test_a_file_of_nothing_but_skipped_labels_is_refused(write):
    assert "nothing can be scored" in refusal(write("text;label\nla-la;song\n"), "song=skip")


@pytest.mark.parametrize("bad", ["negative", "=negative", "0=angry", "0:negative"])
def test_a_map_of_labels_that_makes_no_sense_is_refused_with_what_would(bad):
    with pytest.raises(EvaluationError, match="LABEL=MEANING"):
        parse_labels(bad)


def test_what_is_advised_of_a_label_with_a_comma_is_understood(write):
    path = write(jsonl({"text": BAD, "label": "negative, angry"}, {"text": GOOD, "label": "pos"}))
    (advice,) = re.findall(r"--labels '(.+?)'", refusal(path))
    assert advice == "negative, angry=skip"
    assert parse_labels(f"0=negative, {advice},") == {"0": "negative", "negative, angry": "skip"}


def test_only_negative_and_positive_are_two_classes(write):
    two, three = f"text;label\n{GOOD};pos\n{BAD};neg\n", f"text;label\n{GOOD};pos\n{BAD};neg\nО 9;neu\n"
    assert look(write(two)).two_classes
    assert not look(write(three)).two_classes


def test_complaints_are_ones_and_zeros_in_their_own_column(write):
    path = write(f"text;complaint\n{BAD};1\n{GOOD};0\n")
    assert [(row.sentiment, row.complaint) for row in rows(look(path))] == [(None, True), (None, False)]


def test_what_is_said_of_sentiments_is_not_said_of_complaints(write):
    path = write(f"text;label;complaint\n{BAD};0;1\n{GOOD};2;0\nО 9;1;0\n")
    found = look(path, "0=negative,1=neutral,2=positive")
    assert [(row.sentiment, row.complaint) for row in rows(found)] == [(0, True), (2, False), (1, False)]
    found = look(path, "0=negative,1=skip,2=positive")
    assert [(row.sentiment, row.complaint) for row in rows(found)] == [(0, True), (2, False), (None, False)]


def test_an_unknown_answer_about_complaints_is_asked_about_as_such(write):
    path = write(f"text;complaint\n{BAD};aha\n{GOOD};nope\n")
    assert "as in --labels aha=complaint;" in refusal(path)
    assert "a meaning is one of complaint, other, skip" in refusal(path)


def test_a_kind_may_be_called_anything_where_it_is_said_what_it_means(write):
    path = write(f"text;Kind\n{BAD};скарга\n{GOOD};подяка\n")
    assert "'подяка', 'скарга': say --labels KIND=complaint" in refusal(path)
    assert [row.complaint for row in rows(look(path, "скарга=complaint"))] == [True, False]


def test_the_case_of_a_column_of_kinds_does_not_matter(write):
    path = write(f"text;Kind\n{BAD};complaint\n{GOOD};praise\n")
    assert [row.complaint for row in rows(look(path))] == [True, False]
    assert [row.complaint for row in rows(look(path, label="Kind"))] == [True, False]


def test_complaints_may_be_said_in_the_column_of_labels(write):
    path = write(f"text;label\n{BAD};complaint\n{GOOD};praise\n")
    assert [(row.sentiment, row.complaint) for row in rows(look(path))] == [(None, True), (None, False)]


def test_columns_may_be_named(write):
    path = write(f"id,words,text,tone\n1,{BAD.replace(',', '')},x,neg\n")
    (row,) = rows(look(path, text="words", label="tone"))
    assert (row.text, row.sentiment) == (BAD.replace(",", ""), 0)


@pytest.mark.parametrize(
    ("text", "label", "said"),
    [
        ("Текст", "Тональність", "негативна"),
        ("Review Text", "Sentiment", "Negative"),
        ("отзыв", "тональность", "отрицательный"),
        ("recenzie", "sentiment", "negativă"),
        ("tweet", "airline_sentiment", "negative"),
        ("comment", "label", "Very Negative"),
        ("comment", "label", "1 star"),
    ],
)
def test_columns_and_labels_as_people_have_them_are_known(write, text, label, said):
    assert sentiments(write(f"\ufeffid;{text};{label}\r\n1;{BAD};{said}\r\n")) == [0]


def test_a_rating_is_the_label_only_where_no_column_has_a_better_name(write):
    assert "numbers" in refusal(write(f"text;rating\n{BAD};1\n"))
    assert sentiments(write(f"rating;text;label\n5;{BAD};negative\n")) == [0]
    (row,) = rows(look(write(f"rating;text;complaint\n5;{BAD};1\n")))
    assert (row.sentiment, row.complaint) == (None, True)


@pytest.mark.parametrize(
    "header",
    [
        'id;"Ваш відгук\n(будь-якою мовою)";"Оцінка\r\nнастрою, загалом"',
        'sep=;\nid;"Ваш  відгук (будь-якою\n\nмовою)";Оцінка настрою, загалом',
    ],
)
def test_a_name_of_a_column_may_go_over_several_lines(write, header):
    path = write(f'{header}\n1;"{BAD};\nдосі";негатив\n2;{GOOD};позитив\n')
    columns = {"text": "Ваш відгук (будь-якою мовою)", "label": "Оцінка\nнастрою, загалом"}
    assert sentiments(path, **columns) == [0, 2]
    assert "'Оцінка настрою, загалом'" in refusal(path)


def test_a_line_break_in_the_name_of_a_field_is_found_as_well(write):
    path = write(jsonl({"text": BAD, "Оцінка\nнастрою": "негатив"}))
    assert sentiments(path, label="Оцінка настрою") == [0]


def test_a_quotation_mark_in_the_header_that_nothing_closes_makes_no_row_a_name(write):
    rows_ = f"{BAD};neg\n" * 30
    path = write(f'text;"label\n{rows_}')
    assert "it has 'text', 'label'" in refusal(path, label="x")
    assert look(write(f'text;5" label\n{rows_}'), label='5" label').rows == 30


def test_two_columns_of_one_name_are_refused(write):
    said = refusal(write(f"text;label;text\n{BAD};neg;x\n"))
    assert ":1 names two columns 'text'" in said
    assert sentiments(write(f"text;label;;\n{BAD};neg;;\n")) == [0]


def test_the_delimiter_that_excel_says_before_the_header_is_believed(write):
    assert sentiments(write(f"sep=;\r\ntext;label\r\n{GOOD};positive\r\n")) == [2]
    assert "is empty" not in refusal(write("sep=;\r\n"))


def test_a_field_that_the_first_object_lacks_is_found(write):
    path = write(
        jsonl(
            {"text": GOOD, "label": "positive"},
            {"text": BAD, "label": "negative", "domain": "power", "complaint": 1},
        )
    )
    assert [(row.domain, row.complaint) for row in rows(look(path))] == [("", None), ("power", True)]


def test_languages_may_be_called_by_their_names(write):
    path = write("text;label;language\nok;pos;Ukrainian\nok;neg;Română\nok;neg;en_US\n")
    assert [row.language for row in rows(look(path))] == ["uk", "ro", "en"]


@pytest.mark.parametrize(
    ("spelled", "language"),
    [
        *(
            (one, "uk")
            for one in ("українська", "Українською", "укр.", "украинский язык", "ucraineană", "ucraineana")
        ),
        *((one, "ru") for one in ("російська мова", "рос.", "Русский", "russian", "rusă", "rusa")),
        *(
            (one, "ro")
            for one in ("румунська", "рум.", "Румынский", "молдавский", "română", "Romana", "moldovenească")
        ),
        *(
            (one, "en")
            for one in ("англійською", "англ.", "английский", "engleză", "Engleza", "English (UK)")
        ),
    ],
)
def test_a_language_may_be_called_by_its_name_in_each_of_the_four(write, spelled, language):
    (row,) = rows(look(write(f"text;label;limba\nok;neg;{spelled}\n")))
    assert row.language == language


def test_a_language_that_the_model_does_not_know_is_a_language_of_its_own(write):
    path = write(f"text;label;language\nDie Lieferung kam nie;neg;de\n{BAD};neg;unknown\n{BAD};neg;\n")
    assert [row.language for row in rows(look(path))] == ["de", "uk", "uk"]


def test_a_missing_column_is_named_with_those_there_are(write):
    path = write(f"words;mark\n{BAD};neg\n")
    assert "'words', 'mark'" in refusal(path)
    assert "--text" in refusal(path)
    assert "--label" in refusal(path, text="words")
    assert "'Words'" in refusal(path, text="Words")
