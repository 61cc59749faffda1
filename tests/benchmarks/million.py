"""Stores of any size with the real geography, and incidents as messy as those that people record."""

from pathlib import Path

from data.keeping.opening import open_store
from data.store.store import Store

# A tenth is known only as a part of the day, a tenth only as a day, one in twenty only as a month.
MAKE_INCIDENTS = """
INSERT INTO incidents
WITH places AS (
    SELECT row_number() OVER (ORDER BY code) - 1 AS place, code, parent_code, split_part(name, ' ', 1) AS district
    FROM areas WHERE level = 'locality'
),
numbered AS (
    SELECT hash(number) % (SELECT count(*) FROM places) AS place,
        TIMESTAMP '2010-01-01' + to_hours((hash(number + 3) % (24 * 365 * 15))::INTEGER) AS hour,
        (hash(number + 5) % 20)::UTINYINT AS vagueness,
        (hash(number + 7) % 4)::UTINYINT AS setting_number,
        (hash(number + 11) % 5)::UTINYINT AS outcome_number,
        (hash(number + 13) % 6)::SMALLINT AS detained,
        (hash(number + 17) % 4)::UTINYINT AS response_number
    FROM range(?) AS numbers(number)
),
dated AS (
    SELECT *,
        CASE WHEN vagueness = 4 THEN date_trunc('month', hour) WHEN vagueness IN (2, 3) THEN date_trunc('day', hour)
            ELSE hour END AS earliest,
        CASE WHEN vagueness = 4 THEN date_trunc('month', hour) + INTERVAL 1 MONTH - INTERVAL 1 HOUR
            WHEN vagueness IN (2, 3) THEN date_trunc('day', hour) + INTERVAL 23 HOUR
            WHEN vagueness IN (0, 1) THEN hour + INTERVAL 5 HOUR ELSE hour END AS latest,
        CASE WHEN vagueness = 4 THEN 'month' WHEN vagueness < 4 THEN 'day' ELSE 'hour' END AS precision
    FROM numbered
)
SELECT uuid(), earliest, latest, precision, code, parent_code, district, 'locality',
    setting_word, outcome_word, CASE WHEN detained < 4 THEN detained END, CASE WHEN detained > 4 THEN 1 END,
    CASE WHEN response_number = 1 THEN 10 + detained * 20 END, CASE WHEN response_number = 1 THEN 30 * detained END,
    'unknown', response_word, 'press', 'medium', '00000000-0000-0000-0000-000000000001',
    'as imported'
FROM dated
JOIN places USING (place)
JOIN (SELECT unnest(['home', 'workplace', 'street', 'market']) AS setting_word, unnest(range(4)) AS setting_number)
    USING (setting_number)
JOIN (
    SELECT unnest(['people detained', 'released after community response', 'prevented', 'no arrests', 'unknown'])
        AS outcome_word, unnest(range(5)) AS outcome_number
) USING (outcome_number)
JOIN (SELECT unnest(['unknown', 'yes', 'no', 'unknown']) AS response_word, unnest(range(4)) AS response_number)
    USING (response_number)
"""


def make_store(path: Path, rows: int) -> Store:
    """A new store with the real geography and official figures, and `rows` made-up incidents."""
    store = open_store(path)
    with store.write() as connection:
        connection.execute("DELETE FROM incidents")
        connection.execute(MAKE_INCIDENTS, [rows])
    return store
