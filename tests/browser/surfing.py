"""Going through the portal by its links, quickly: the answers are parsed, not drawn; cookies are those of the visitor's window."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urljoin, urlsplit

from lxml import html

from portal.demo.people import PASSWORD
from tests.browser.visitor import Visitor

# Moods of one page (sorted, filtered, another month) are one page; these make it another one.
TELLING = {"compare"}
EXAMPLES = 2


@dataclass(frozen=True)
class Stop:
    """A page that links lead to: where, what it says, and what kind it is (its address without numbers)."""

    path: str
    kind: str
    tree: html.HtmlElement = field(repr=False, compare=False)


def kind_of(path: str) -> str:
    parts = urlsplit(re.sub(r"(?<=/invitations/)[^/?]+", "1", path))
    telling = sorted(f"{name}={value}" for name, value in parse_qsl(parts.query) if name in TELLING)
    return re.sub(r"/([A-Z]+-)?\d+(?=/|$)", "/N", parts.path) + ("?" + "&".join(telling) if telling else "")


class Surfer:
    """`visitor`'s second pair of eyes."""

    def __init__(self, visitor: Visitor):
        self.visitor, self.base = visitor, visitor.product.url

    def sign_in(self, identifier: str) -> str:
        """One POST; the window is signed in as well. Answers with the first page's address."""
        return self.submit("/login", "/login", identifier=identifier, password=PASSWORD)

    def speak(self, language: str) -> None:
        self.visitor.context.add_cookies([{"name": "language", "value": language, "url": self.base}])

    def submit(self, path: str, form: str, **fields: str) -> str:
        """Send the form at `path` whose address ends with `form`, as it stands but with `fields` filled in.

        A field may bear the prefix of its form. Answers with where that leads.
        """
        tree = self.tree(path)
        found = [one for one in tree.xpath("//main//form[@method='post']") if urlsplit(one.get("action")).path.endswith(form)]
        assert found, f"{path}: no form to …{form}"
        target = urljoin(tree.base_url, found[0].get("action"))
        filled = {name: fields.get(name.rpartition("-")[2], found[0].fields[name] or "") for name in found[0].fields}
        sent = self.visitor.context.request.post(target, form=filled)
        assert sent.ok, f"{target} answers {sent.status}: {' '.join(html.fromstring(sent.body()).text_content().split())[:600]}"
        return urlsplit(sent.url).path

    def tree(self, path: str) -> html.HtmlElement:
        answer = self.visitor.context.request.get(path)
        assert answer.ok, f"{path} answers {answer.status}"
        return html.fromstring(answer.body(), base_url=answer.url)

    def everywhere(self, *starts: str) -> tuple[list[Stop], list[str]]:
        """What links lead to from `starts`, EXAMPLES of each kind; and which of them lead nowhere."""
        waiting, known, kinds = [(start, "") for start in starts], set(starts), Counter()
        stops, dead = [], []
        while waiting:
            path, where = waiting.pop(0)
            answer = self.visitor.context.request.get(path)
            if answer.status >= 400:
                dead.append(f"{where} links to {path}: {answer.status}")
                continue
            if not answer.headers.get("content-type", "").startswith("text/html"):
                continue
            tree = html.fromstring(answer.body(), base_url=answer.url)
            stops.append(Stop(path, kind_of(path), tree))
            for link in self._links(tree):
                if link not in known and kinds[kind_of(link)] < EXAMPLES:
                    known.add(link)
                    kinds[kind_of(link)] += 1
                    waiting.append((link, path))
        return stops, dead

    def _links(self, tree: html.HtmlElement) -> list[str]:
        addresses = (urljoin(tree.base_url, link.get("href")) for link in tree.xpath("//a[@href]"))
        return [address.removeprefix(self.base).partition("#")[0] for address in addresses if address.startswith(self.base + "/")]
