"""Files from outside: what is read, what is skipped, and what stops with a sentence."""

import bz2
import csv
import gzip
import json
import lzma
import os
import tracemalloc
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.sentiment.evaluation.lines import MAX_LINE, EvaluationError, lines
from monitor.sentiment.evaluation.meanings import MAX_NAME, name_of
from monitor.sentiment.evaluation.records import Fault, Record, records
from monitor.sentiment.evaluation.rows import rows
from monitor.sentiment.evaluation.survey import SHOWN_FAULTS
from tests.monitor.sentiment.labelled import BAD, GOOD, jsonl, look, refusal, sentiments


def found_or_refused(path):
    try:
        return look(path)
    except EvaluationError as error:
        return str(error)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_header_tells_the_delimiter(write, delimiter):
    table = (
        delimiter.join(["text", "label", "lang"]) + "\n" + delimiter.join([BAD.replace(",", ""), "neg", "uk"])
    )
    (row,) = rows(look(write(table)))
    assert (row.text, row.sentiment, row.language) == (BAD.replace(",", ""), 0, "uk")


@pytest.mark.parametrize("delimiter", [",", ";", "|"])
def test_a_space_behind_the_delimiter_is_no_part_of_the_cell(write, delimiter):
    table = 'id, label, "text"\n1, negative, "Bad,never;again |"\n2, "positive",  Good shop\n'
    read = rows(look(write(table.replace(", ", f"{delimiter} "))))
    assert [(row.text, row.sentiment) for row in read] == [("Bad,never;again |", 0), ("Good shop", 2)]


def test_a_quoted_text_may_hold_delimiters_and_lines(write):
    path = write(f'text,label\n"{BAD},\nдосі","negative"\n{GOOD.replace(",", "")},positive\n')
    assert [row.text for row in rows(look(path))] == [f"{BAD},\nдосі", GOOD.replace(",", "")]


def test_a_byte_order_mark_is_no_part_of_the_first_column(write):
    assert sentiments(write(f"\ufefftext;label\n{GOOD};positive\n")) == [2]


def test_gzip_is_known_by_its_content_and_not_by_its_name(write):
    path = write(gzip.compress(jsonl({"text": GOOD, "label": "positive"}).encode()), "texts.jsonl")
    assert sentiments(path) == [2]


def test_a_json_line_keeps_its_tags_its_domain_and_both_of_its_labels(write):
    path = write(
        jsonl(
            {
                "text": BAD,
                "sentiment": "negative",
                "kind": "complaint",
                "trade": "power",
                "hard": ["polite", "polite"],
            },
            {"text": GOOD, "sentiment": "positive", "kind": "praise", "trade": "parcels", "hard": []},
        )
    )
    first, second = rows(look(path))
    assert (first.domain, first.hard, first.sentiment, first.complaint) == ("power", ("polite",), 0, True)
    assert (second.domain, second.hard, second.sentiment, second.complaint) == ("parcels", (), 2, False)


def test_a_column_of_kinds_without_complaints_says_nothing_of_complaints(write):
    path = write(jsonl({"text": GOOD, "label": "positive", "kind": "blog"}))
    assert [row.complaint for row in rows(look(path))] == [None]


def test_a_language_that_is_not_said_is_read_from_the_text(write):
    path = write(
        jsonl(
            {"text": BAD, "label": "neg"}, {"text": "The delivery was late", "label": "neg", "lang": "en-GB"}
        )
    )
    assert [row.language for row in rows(look(path))] == ["uk", "en"]


def test_a_table_without_a_header_is_told_so(write):
    assert "a line with the columns' names before the first row" in refusal(write(f"{BAD};neg\n{GOOD};pos\n"))


def test_bad_rows_are_counted_and_the_first_few_told_by_line(write):
    lines_ = [
        jsonl({"text": GOOD, "label": "positive"}),
        "{half\n",
        "[1]\n",
        jsonl({"text": "  ", "label": "positive"}),
        jsonl({"text": 7, "label": "positive"}),
        jsonl({"text": GOOD}),
        jsonl({"text": GOOD, "label": None}),
        "[" * 100_000 + "\n",
        "\n",
        jsonl({"text": BAD, "label": "negative"}),
    ]
    found = look(write("".join(lines_)))
    assert (found.rows, found.faulty) == (2, 7)
    assert [fault.line for fault in found.faults] == [2, 3, 4, 5, 6][:SHOWN_FAULTS]
    assert "not JSON" in found.faults[0].why
    assert [row.sentiment for row in rows(found)] == [2, 0]


def test_a_bad_first_line_costs_that_line_only(write):
    found = look(write("{half\n" + jsonl({"text": BAD, "label": "negative"})))
    assert (found.rows, found.faulty, found.faults[0].line) == (1, 1, 1)


def test_a_row_with_a_field_too_many_is_skipped(write):
    found = look(write(f"text,label\n{BAD},negative\nok,positive\n"))
    assert (found.rows, [f.line for f in found.faults]) == (1, [2])
    assert "3 fields where the header names 2" in found.faults[0].why


def test_empty_cells_at_the_end_of_a_row_may_be_missing_or_too_many(write):
    table = f"text;label;lang;note\r\n{BAD};neg;uk;\r\n{GOOD};pos;uk\r\n{GOOD};pos\r\n{BAD};neg;;x;; \r\n"
    found = look(write(table))
    assert (found.rows, found.faulty) == (4, 0)
    assert [(row.sentiment, row.language) for row in rows(found)] == [
        (0, "uk"),
        (2, "uk"),
        (2, "uk"),
        (0, "uk"),
    ]


def test_a_row_that_ends_before_its_label_is_skipped(write):
    found = look(write(f"id;text;label;note\n1;{BAD};neg;\n2;{GOOD}\n3\n4;{BAD};neg;;x\n"))
    assert (found.rows, [fault.line for fault in found.faults]) == (1, [3, 4, 5])
    assert "no label in column 'label'" in found.faults[0].why


def test_a_file_with_no_row_that_can_be_scored_says_why(write):
    assert "line 2: no text" in refusal(write("text;label\n;neg\n"))
    assert "only names its columns" in refusal(write("text;label\n"))
    assert "is empty" in refusal(write(""))


def test_another_encoding_is_named_with_a_way_out(write):
    said = refusal(write(f"text;label\n{BAD};neg\n".encode("cp1251")))
    assert ":2 is not UTF-8" in said
    assert "iconv" in said
    assert "iconv -f utf-16" in refusal(write(f"text;label\n{BAD};neg\n".encode("utf-16")))
    assert "zero bytes" in refusal(write(b"text;label\nno\0;neg\n"))


def test_what_is_no_table_is_told_how_it_becomes_one(write):
    assert "CSV UTF-8" in refusal(write(b"PK\x03\x04\x14\0\6\0", "reviews.xlsx"))
    assert "tr '\\r' '\\n'" in refusal(write(f"text;label\r{BAD};neg\r"))


def test_a_damaged_line_far_into_a_file_costs_that_line_only(write):
    many = f"{GOOD};positive\n" * 3_000
    path = write(f"text;label\n{many}".encode() + b"\xff\xfe;positive\n" + f"{BAD};negative\n".encode())
    found = look(path)
    assert (found.rows, found.faulty) == (3_001, 1)


@pytest.mark.parametrize("length", [1, MAX_LINE])
def test_a_json_array_is_told_what_to_do(write, length):
    array = json.dumps([{"text": "a" * length, "label": "neg"}])
    assert "jq -c '.[]'" in refusal(write(array, "texts.json"))
    assert "jq -c ." in refusal(write(json.dumps({"text": "a"}, indent=2), "texts.json"))


def test_a_first_object_that_is_too_long_costs_that_line_only(write):
    found = look(write(jsonl({"text": "a" * MAX_LINE, "label": "neg"}, {"text": BAD, "label": "neg"})))
    assert (found.rows, found.faulty) == (1, 1)


def test_a_label_that_is_a_list_is_said_to_be_one(write):
    found = look(write(jsonl({"text": GOOD, "label": ["pos"]}, {"text": BAD, "label": "neg"})))
    assert "but a list or an object" in found.faults[0].why


def test_a_mark_of_inches_does_not_swallow_the_next_rows_of_a_table_with_tabs(write):
    path = write(f'label\ttext\nneg\t"{BAD}\nneg\t{BAD}\npos\t{GOOD}, the best 5"\nneu\tО 9\n')
    assert sentiments(path) == [0, 0, 2, 1]
    assert [row.text for row in rows(look(write('label\ttext\nneg\t"one\ntwo"\n')))] == ["one\ntwo"]


def test_a_mark_that_nothing_closes_costs_no_row_of_a_table_with_tabs(write):
    path = write(f'text\tlabel\n"{GOOD}\tpos\n{BAD}\tneg\n"{BAD}, he said\tneg\n')
    assert [row.text for row in rows(look(path))] == [f'"{GOOD}', BAD, f'"{BAD}, he said']


def test_the_delimiter_is_the_one_that_fits_the_rows(write):
    assert sentiments(
        write(f"text (uk, ru, ro, en);label\n{GOOD};positive\n"), text="text (uk, ru, ro, en)"
    ) == [2]


def test_a_title_above_the_header_is_told_by_its_line(write):
    path = write("\nReport of May\nlabel,text\nneg,bad\n")
    assert "where the header in line 2 names 1" in refusal(path, text="Report of May", label="Report of May")


@pytest.mark.parametrize(
    ("encoding", "text", "way"),
    [
        ("cp1251", BAD, "iconv -f windows-1251"),
        ("cp1250", "Aștept de două săptămâni și nu răspunde nimeni".replace("ș", "ş"), "windows-1250"),
        ("latin-1", "The café never called me back", "windows-1252"),
        ("cp1251", "The app is bad. And the support? Жах", "`iconv -f windows-1251 -t utf-8`."),
        ("cp1252", "She said “no”—“never”", "windows-1252"),
        ("latin-1", "The façade is naïve, déjà vu", "`-f windows-1251` where it is Ukrainian or Russian"),
        (
            "utf-32",
            "The parcel never came",
            "is UTF-32. Save it as UTF-8, for example with `iconv -f utf-32 ",
        ),
        ("utf-16-le", "The parcel never came", "iconv -f utf-16le"),
        ("utf-16-be", "The parcel never came", "iconv -f utf-16be"),
    ],
)
def test_the_way_out_of_an_encoding_fits_the_letters(write, encoding, text, way):
    assert way in refusal(write(f"text;label\n{text};neg\n".encode(encoding)))


def test_the_way_out_is_that_of_the_lines_that_are_not_utf_8(write):
    many = f"text;label\n{BAD};neg\n" * 500
    assert "windows-1252" in refusal(write(many.encode() + "The café\n".encode("latin-1") + many.encode()))


def test_a_lone_quotation_mark_behind_a_space_may_belong_to_the_text(write):
    path = write("label,text\nnegative, \"27' monitor\npositive,Good\n")
    found = look(path)
    assert [row.text.strip() for row in rows(found)] == ["\"27' monitor", "Good"]


def test_a_lone_carriage_return_in_a_cell_is_a_space(write):
    path = write('text,"la\rbel"\r\nBad app\rkeeps crashing,negative\r\n"Good\rshop\r\n",positive\r\n')
    found = look(path, label="la bel")
    assert [row.text for row in rows(found)] == ["Bad app keeps crashing", "Good shop\r\n"]


def test_what_is_packed_otherwise_is_told_how_to_unpack_it(write):
    assert "bunzip2" in refusal(write(bz2.compress(b"text;label\n")))
    assert "unxz" in refusal(write(lzma.compress(b"text;label\n")))


def test_a_cut_off_archive_says_how_far_it_could_be_read(write):
    whole = gzip.compress(("text;label\n" + "".join(f"{GOOD} {n};positive\n" for n in range(9_000))).encode())
    assert "can't be read beyond line" in refusal(write(whole[:-2_000]))


def test_what_is_no_file_is_refused(tmp_path):
    assert "is a folder" in refusal(tmp_path)
    assert "There is no file" in refusal(tmp_path / "nowhere.csv")
    os.mkfifo(tmp_path / "pipe")
    assert "can be read twice" in refusal(tmp_path / "pipe")


def test_an_endless_line_is_skipped_and_never_held(tmp_path):
    path = tmp_path / "long.jsonl.gz"
    good = jsonl({"text": BAD, "label": "negative"}).encode()
    with gzip.open(path, "wb", compresslevel=1) as packed:
        packed.write(good + b'{"text": "')
        for _ in range(40):
            packed.write(b"a" * MAX_LINE)
        packed.write(b'"}\n' + good)
    tracemalloc.start()
    found = look(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (found.rows, found.faulty, found.faults[0].line) == (2, 1, 2)
    assert "longer than" in found.faults[0].why
    assert peak < 10 * MAX_LINE


def test_a_quotation_mark_that_is_never_closed_does_not_swallow_the_file(write):
    many = "".join(f"{GOOD} {n};positive\n" for n in range(40_000))
    found = look(write(f'text;label\n"{BAD};negative\n{many}'))
    assert (found.rows, found.faulty) == (40_000, 1)
    assert found.faults[0].line == 2


@pytest.mark.parametrize(("delimiter", "read", "faulty"), [(";", 51, [2]), ("\t", 52, [])])
def test_rows_between_two_stray_quotation_marks_are_not_swallowed(write, delimiter, read, faulty):
    table = ["text;label", f'"{BAD};negative', *[f"{GOOD};positive"] * 50, 'a "word" of them;negative']
    found = look(write("\n".join(table).replace(";", delimiter)))
    assert (found.rows, [fault.line for fault in found.faults]) == (read, faulty)
    assert all("is a quotation mark missing?" in fault.why for fault in found.faults)


def test_a_stray_quotation_mark_within_a_line_costs_nothing(write):
    assert sentiments(write(f'text;label\n"a "word" of them";negative\n{GOOD};positive\n')) == [0, 2]


def test_a_long_text_of_a_table_is_read(write):
    assert sentiments(write(f"text;label\n{'так ' * 100_000};negative\n")) == [0]


def test_stray_quotation_marks_without_number_take_no_time(write):
    path = write("text;label\n" + f'"{BAD}";oops"\n"x;y\n' * 10_000)
    started = perf_counter()
    with pytest.raises(EvaluationError):
        look(path)
    assert perf_counter() - started < 5


def test_a_row_of_endless_quoted_lines_is_cut_off(write):
    endless = '"a\n";' * 400_000
    found = look(write(f"text;label\n{GOOD};positive\n{endless}\n"))
    assert found.rows == 1
    assert found.faults[0].line == 3
    assert "longer than" in found.faults[0].why


def test_too_many_labels_are_probably_no_labels(write):
    table = "text;label\n" + "".join(f"{GOOD};{n} things\n" for n in range(60))
    assert "--label" in refusal(write(table))


def test_hostile_names_are_shortened_and_cleaned():
    assert name_of("a\x1b[31m\u202eb\ud800\n" + "c" * 999) == ("a [31m b " + "c" * 999)[:MAX_NAME]
    assert name_of({"a": 1}) == name_of(None) == ""


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("any") / "any"
    path.write_bytes(content)
    found = found_or_refused(path)
    if isinstance(found, str):
        assert str(path) in found
    else:
        assert len(list(rows(found))) == found.rows


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
keys = st.sampled_from(["text", "label", "lang", "hard", "domain", "kind", "complaint", "x"])


@settings(max_examples=150, deadline=None)
@given(st.lists(st.dictionaries(keys, values, max_size=8), max_size=6))
def test_any_objects_are_read_or_refused(tmp_path_factory, objects):
    path = tmp_path_factory.mktemp("any") / "any.jsonl"
    path.write_text("".join(json.dumps(one) + "\n" for one in objects), encoding="utf-8")
    found = found_or_refused(path)
    if isinstance(found, str):
        assert str(path) in found
    else:
        assert found.rows + found.faulty == len(objects)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.lists(st.text(max_size=12), min_size=2, max_size=2), min_size=1, max_size=8))
def test_what_csv_writes_is_what_is_read(tmp_path_factory, cells):
    path = tmp_path_factory.mktemp("table") / "table.csv"
    with path.open("w", encoding="utf-8", errors="replace", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL)
        writer.writerow(["text", "label"])
        writer.writerows([c.replace("\0", "").replace("\r", "") for c in row] for row in cells)
    read = [one for one in records(path) if isinstance(one, Record)]
    assert len(read) == len(cells)


def test_lines_are_numbered_from_one_with_blank_ones(write):
    assert [(line.number, line.text) for line in lines(write("a\n\nb"))] == [(1, "a\n"), (2, "\n"), (3, "b")]


def test_a_fault_keeps_its_line(write):
    assert [one.line for one in records(write("{}\n\n{oops\n")) if isinstance(one, Fault)] == [3]
