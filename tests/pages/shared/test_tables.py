from pages.shared.tables import Heading, table_html

HOSTILE = "<img src=x onerror=alert(1)>"


def test_every_text_of_a_table_is_escaped():
    table = table_html(HOSTILE, [Heading(HOSTILE), Heading("n", "number")], [[HOSTILE, HOSTILE]])
    assert "<img" not in table
    assert table.count("&lt;img") == 4


def test_rows_and_columns_have_headings_for_a_screen_reader():
    table = table_html("Visits", [Heading("Borough"), Heading("Number", "number")], [["Hackney", "4"]])
    assert "<caption>Visits</caption>" in table
    assert '<th scope="col" class="number">Number</th>' in table
    assert '<th scope="row">Hackney</th><td class="number">4</td>' in table


def test_the_chosen_row_is_marked_not_by_colour_alone():
    table = table_html("Visits", [Heading("Borough")], [["Hackney"], ["Brent"]], chosen=1)
    assert table.count("aria-current") == 1
    assert table.index("Hackney") < table.index("aria-current") < table.index("Brent")
