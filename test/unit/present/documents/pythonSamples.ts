/** Realistic code with signs that have a meaning in Markdown, HTML, or formulas. */
export const pythonSamples: readonly string[] = [
  'def totals(rows: list[dict[str, int]]) -> dict[str, int]:\n    """Return `sum` by *name*.\n\n    >>> totals([])\n    {}\n    """\n    found: dict[str, int] = {}\n    for row in rows:\n        found[row["name"]] = found.get(row["name"], 0) + row["n"]\n    return found',
  'import re\n\nlink = re.compile(r"!?\\[([^\\]]*)\\]\\(([^)]+)\\)")\nimages = [m[1] for m in link.finditer("![a](b.png) [c](d)")]\nprint(f"{len(images)} images <b>found</b>")',
  'handlers = {"a": print, "b": repr}\nkey = "a"\nhandlers[key](f"| {key} |")\nhandlers["b"](handlers)  # [x](y)',
  'from typing import Generic, TypeVar\n\nT = TypeVar("T")\n\n\nclass Stack(Generic[T]):\n    """A stack of <T>."""\n\n    def __init__(self) -> None:\n        self._items: list[T] = []\n\n    def push(self, item: T) -> None:\n        self._items.append(item)',
  'template = """\n# Report\n\n- **Total:** $x$\n- [docs]: https://docs.example\n\n~~~\n<details>&amp;</details>\n~~~\n"""\nprint(template.replace("$x$", str(2**10)))',
  'cells = [[1, 2], [3, 4]]\nfor i in range(2):\n\tfor j in range(2):\n\t\tif cells[i][j] > 1 and cells[i][j] < 4:\n\t\t\tcells[i][j] *= -1\nprint(cells[0]\n      [1:])',
  'path = r"C:\\new\\_tmp\\*.log"\nprice = "$5 and $6"\nprint(path[:-1], price)\n\n# - [ ] later\n# > 3\nprint(1 if path else 2)',
  'async def fetch(url: str, *, retries: int = 3) -> bytes | None:\n    for attempt in range(retries):  # 1. try\n        try:\n            return await get(url)\n        except OSError as error:\n            print(f"{attempt + 1}/{retries}: {error!r}")\n    return None',
  'x = [\n    1,\n\n    2,\n]\ny = x[0] if x[1:] else {"]:": "](", "![": "`"}\nassert y == 1, """\n- no\n"""',
  'def area(r: float) -> float:\n    r"""Use \\\\(\\pi r^2\\\\) and $$a_1$$."""\n    return 3.14159 * r ** 2\n\n\nif __name__ == "__main__":\n    print(area(2)); print("--- done ---")',
];
