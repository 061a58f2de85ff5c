"""Pictures of a page in both themes and three widths, on one sheet each.

`make pictures` takes them with the browser tests: python -m tests.picture_sheets FOLDER OUT
"""

import argparse
import base64
import re
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from tests.browser.chromium import launched

_NAME = re.compile(r"(?P<page>.+)_(?P<theme>dark|light)_(?P<width>\d+)\.png")
_TALLEST = 2600  # pixels of a page that are shown; a longer one fades out
_SHEET = """<!doctype html><meta charset="utf-8"><style>
body {{ margin: 0; padding: 40px; display: inline-flex; gap: 32px; align-items: flex-start;
       background: #8a8f98; font: 28px/1.4 sans-serif; color: #10131a }}
figure {{ margin: 0 }}
div {{ max-height: {tallest}px; overflow: hidden; box-shadow: 0 2px 16px #0006 }}
img {{ display: block }}
</style>{figures}"""


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="One sheet of pictures for each page.")
    parser.add_argument("folder", type=Path, help="pictures named page_theme_width.png")
    parser.add_argument("out", type=Path, help="where the sheets go")
    arguments = parser.parse_args(argv)
    found = [(match, path) for path in arguments.folder.iterdir()
             if (match := _NAME.fullmatch(path.name))]  # fmt: skip
    pages: dict[str, list[tuple[str, int, Path]]] = defaultdict(list)
    for match, path in found:
        pages[match["page"]].append((match["theme"], int(match["width"]), path))
    arguments.out.mkdir(parents=True, exist_ok=True)
    for browser in launched():
        for page, pictures in sorted(pages.items()):
            _draw(browser, sorted(pictures), arguments.out / f"{page}.jpg")
            print(arguments.out / f"{page}.jpg", flush=True)


def _draw(browser, pictures: list[tuple[str, int, Path]], out: Path) -> None:
    figures = "".join(_figure(*picture) for picture in pictures)
    context = browser.new_context(viewport={"width": 400, "height": 400}, device_scale_factor=0.42)
    page = context.new_page()
    page.set_content(_SHEET.format(tallest=_TALLEST, figures=figures))
    page.locator("body").screenshot(path=out, type="jpeg", quality=72)
    context.close()


def _figure(theme: str, width: int, path: Path) -> str:
    data = base64.b64encode(path.read_bytes()).decode()
    image = f'<img width="{width}" alt="" src="data:image/png;base64,{data}">'
    return f"<figure><figcaption>{width} px, {theme}</figcaption><div>{image}</div></figure>"


if __name__ == "__main__":
    main()
