"""
Pictures of pages, to look at what a change made of them: on a desk and on a phone, light and dark.

    .venv/bin/python -m tests.browser.pictures Where "Outcomes?by=year"

The pages are served with what comes with the dashboard; the pictures lie in tests/browser/screenshots/, which Git leaves
out, and their paths are printed.
"""

import re
import sys
import tempfile
from pathlib import Path

from tests.browser.serving import CHROMIUM, SIZES, launch_chromium, look, serve

FOLDER = Path(__file__).with_name("screenshots")
# A page is as high as what it shows, but a picture ends here.
HIGHEST_PIXELS = 6000
SCROLLER = "[data-testid=stMain]"


def take(paths: list[str]) -> list[Path]:
    """A picture of each page in each size and colour scheme; `paths` as in the address, such as 'Where?by=district'."""
    FOLDER.mkdir(exist_ok=True)
    taken = []
    with tempfile.TemporaryDirectory() as folder, serve(Path(folder)) as server, launch_chromium() as browser:
        for path in paths:
            for size in SIZES:
                with look(browser, server, size) as visit:
                    for scheme in ("light", "dark"):
                        visit.page.emulate_media(color_scheme=scheme)
                        visit.open(f"/{path}")
                        high = visit.page.locator(SCROLLER).evaluate("element => element.scrollHeight")
                        visit.page.set_viewport_size(SIZES[size] | {"height": min(high, HIGHEST_PIXELS)})
                        visit.settle()
                        name = re.sub(r"\W+", "-", path or "home")
                        taken.append(FOLDER / f"{name}-{size}-{scheme}.png")
                        visit.page.screenshot(path=taken[-1])
                        visit.page.set_viewport_size(SIZES[size])
    return taken


if __name__ == "__main__":
    if CHROMIUM is None:
        sys.exit("There is no Chromium on this machine. Install the system's package 'chromium'.")
    print("\n".join(map(str, take([path.strip("/") for path in sys.argv[1:]] or [""]))))
