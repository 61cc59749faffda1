"""
Writes what the schema says into the documents: the tables of README.md, and docs/WORDS.md. Run it as `make docs`.

A test holds the documents to what this would write.
"""

from pathlib import Path

from data.schema import INCIDENTS, TABLES, Column, labels

ROOT = Path(__file__).resolve().parent.parent
WORDS_HEAD = """# What the words mean

The values of every closed list, in the order in which they are offered. Written by `make docs` from `data/schema.py`,
which is the place to change them. The dashboard says the same beside each choice and on its About page.
"""


def columns_table() -> str:
    """The columns of an incident as a table of Markdown."""
    rows = [f"| `{column.name}` | {_meaning(column)} |" for column in INCIDENTS.columns]
    return "\n".join(["| column of an incident | holds |", "| --- | --- |", *rows])


def stored_table() -> str:
    """The tables of the store as a table of Markdown."""
    rows = [f"| `{table.name}` | {table.meaning[0].lower()}{table.meaning[1:-1]} |" for table in TABLES]
    return "\n".join(["| table | holds |", "| --- | --- |", *rows])


def words_document() -> str:
    """docs/WORDS.md: each closed list with its values, their names on the page and their meanings."""
    parts = [WORDS_HEAD]
    for table in TABLES:
        for column in table.columns:
            if column.values:
                rows = [
                    f"| {name} | {label} | {column.values[name].meaning} |"
                    for name, label in labels(column.values).items()
                ]
                head = f"## `{table.name}.{column.name}`: {column.meaning}\n"
                parts.append(
                    "\n".join([head, "| value | on the page | means |", "| --- | --- | --- |", *rows, ""])
                )
    return "\n".join(parts)


def with_tables(readme: str) -> str:
    """The README with its tables as the schema has them today; each stands between two marks."""
    for name, table in (("columns", columns_table()), ("stored", stored_table())):
        begin, end = f"<!-- {name}: make docs -->", f"<!-- end of {name} -->"
        before, rest = readme.split(begin)
        readme = f"{before}{begin}\n{table}\n{end}{rest.split(end)[1]}"
    return readme


def main() -> None:
    """Write the documents anew."""
    readme = ROOT / "README.md"
    readme.write_text(with_tables(readme.read_text(encoding="utf-8")), encoding="utf-8")
    (ROOT / "docs" / "WORDS.md").write_text(words_document(), encoding="utf-8")


def _meaning(column: Column) -> str:
    values = f": {', '.join(column.allowed)}" if column.values else ""
    return f"{column.meaning}{values}" + (f" ({column.unit})" if column.unit else "")


if __name__ == "__main__":
    main()
