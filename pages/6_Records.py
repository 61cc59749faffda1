from pages.shared.frame import page


def main() -> None:
    """Draw the page."""
    with page("Records"):
        pass


main()
