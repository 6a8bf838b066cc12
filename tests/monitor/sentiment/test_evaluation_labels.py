"""Which column holds what, and which label means what: as people have them in their files."""

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


def test_the_guess_at_ratings_puts_the_low_ones_below_the_middle(write):
    path = write("відгук;оцінка\n" + "".join(f"{GOOD};{stars}\n" for stars in (10, 2, 1, 4, 3)))
    assert "--labels 1=negative,2=negative,3=neutral,4=positive,10=positive" in refusal(path)


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


def test_a_file_of_nothing_but_skipped_labels_is_refused(write):
    assert "nothing can be scored" in refusal(write("text;label\nla-la;song\n"), "song=skip")


@pytest.mark.parametrize("bad", ["negative", "=negative", "0=angry", "0:negative"])
def test_a_map_of_labels_that_makes_no_sense_is_refused_with_what_would(bad):
    with pytest.raises(EvaluationError, match="LABEL=MEANING"):
        parse_labels(bad)


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
    assert "--labels aha=complaint,nope=other" in refusal(path)
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
    path = write("text;label;language\nok;pos;Ukrainian\nok;neg;Română\n")
    assert [row.language for row in rows(look(path))] == ["uk", "ro"]


def test_a_missing_column_is_named_with_those_there_are(write):
    path = write(f"words;mark\n{BAD};neg\n")
    assert "'words', 'mark'" in refusal(path)
    assert "--text" in refusal(path)
    assert "--label" in refusal(path, text="words")
    assert "'Words'" in refusal(path, text="Words")
