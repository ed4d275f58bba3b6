"""check.py ROOT: every relative link in the project's Markdown pages leads to a file or folder, and to a heading that exists.

    check.py --selftest    plants broken links and expects each to be found
"""

import re
import sys
import tempfile
from pathlib import Path

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^(```|~~~).*?^\1", re.DOTALL | re.MULTILINE)
SKIPPED = ("build", ".git")


def anchors(page):
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    titles = re.findall(r"^#+ +(.*?) *$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def pages(root):
    for page in sorted(root.rglob("*.md")):
        if not page.relative_to(root).parts[0].startswith(SKIPPED):
            yield page


def broken(root):
    for page in pages(root):
        text = FENCE.sub(lambda match: re.sub(r"[^\n]", "", match[0]), page.read_text(encoding="utf-8"))
        for number, line in enumerate(text.splitlines(), 1):
            for link in LINK.findall(re.sub(r"`[^`]*`", "", line)):
                if re.match(r"[a-z]+:", link):
                    continue
                name, _, anchor = link.partition("#")
                target = page.parent / name if name else page
                if not target.exists():
                    yield f"{page.relative_to(root)}:{number}: {link} leads nowhere"
                elif anchor and target.suffix == ".md" and anchor not in anchors(target):
                    yield f"{page.relative_to(root)}:{number}: {name or page.name} has no heading #{anchor}"


def selftest():
    sound = "# A *page*\n[self](#a-page) [file](b/c.md#top) [web](https://example.org/x) `[code](no.md)`\n```\n[fenced](no.md)\n```\n"
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "b").mkdir()
        (root / "b/c.md").write_text("# Top\n[up](../a.md)\n")
        for planted, count in (("", 0), ("[x](no.md)", 1), ("[x](#nowhere)", 1), ("[x](b/c.md#bottom) [y](b/d.md)", 2)):
            (root / "a.md").write_text(sound + planted + "\n")
            found = list(broken(root))
            if len(found) != count or not all(line.startswith("a.md:6: ") for line in found):
                sys.exit(f"planted '{planted}', expected {count} broken links, found {found}")
    print("broken links are found")


def main(argument):
    if argument == "--selftest":
        return selftest()
    root = Path(argument)
    found = list(broken(root))
    print("\n".join([*found, f"{len(list(pages(root)))} pages, {len(found)} broken links"]))
    sys.exit(bool(found) or not any(pages(root)))


main(sys.argv[1])
