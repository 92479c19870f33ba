"""Reads a page as a browser would, as far as tests need."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

from passwordless.pages import Page


@dataclass
class Element:
    """An element with its attributes and the text inside it."""

    tag: str
    attributes: dict[str, str | None]
    hidden: bool
    inner: str = ""
    fields: dict[str, str] = field(default_factory=dict)


class Document(HTMLParser):
    """Reads a page as a browser would, as far as these tests need; an element is hidden if it or one around it is."""

    VOID = frozenset({"meta", "input", "br", "link", "img"})

    def __init__(self, page: Page) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[Element] = []
        self._open: list[Element] = []
        self.feed(page.body)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        hidden = "hidden" in attributes or (bool(self._open) and self._open[-1].hidden)
        element = Element(tag, attributes, hidden)
        self.elements.append(element)
        for around in self._open:
            if tag == "input" and around.tag == "form" and attributes.get("type") == "hidden":
                around.fields[attributes["name"] or ""] = attributes["value"] or ""
        if tag not in self.VOID:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(Element(tag, dict(attrs), hidden=False))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop().tag == tag

    def handle_data(self, data: str) -> None:
        for around in self._open:
            around.inner += data

    def all(self, tag: str) -> list[Element]:
        return [element for element in self.elements if element.tag == tag]

    def visible(self, tag: str) -> list[Element]:
        return [element for element in self.all(tag) if not element.hidden]

    def only(self, tag: str) -> Element:
        (element,) = self.visible(tag)
        return element

    def role(self, role: str) -> Element:
        (element,) = (element for element in self.elements if element.attributes.get("role") == role)
        return element


def shape(page: Page) -> list[tuple[str, tuple[str, ...], bool]]:
    """Return the elements of a page with the names of their attributes, in order."""
    return [(element.tag, tuple(element.attributes), element.hidden) for element in Document(page).elements]
