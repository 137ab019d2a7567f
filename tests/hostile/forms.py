"""Every form the pages hold, found by following their links, as a machine that means harm would find them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit

from django.urls import Resolver404, resolve

NOT_FOLLOWED = ("web:logout", "web:language")


@dataclass
class Form:
    """Where it goes, how, and what the browser would send untouched; `kinds` are the types of its controls."""

    action: str
    method: str
    data: dict[str, list[str]] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)

    @property
    def view(self) -> str:
        return view_of(self.action)

    @property
    def key(self) -> tuple[str, ...]:
        """Forms of one view with the same controls are one; numbers in names are not told apart."""
        return (self.view, self.method, *sorted({re.sub(r"\d+", "#", name) for name in self.kinds}))


def view_of(address: str) -> str:
    try:
        return resolve(urlsplit(address).path).view_name
    except Resolver404:
        return ""


class Reader(HTMLParser):
    """Links and forms of one page."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address
        self.links: list[str] = []
        self.forms: list[Form] = []
        self.form: Form | None = None
        self.select = self.area = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        if tag == "a" and given.get("href", "").startswith(("/", "?")):
            self.links.append(urljoin(self.address, given["href"]).partition("#")[0])
        elif tag == "form":
            action = urljoin(self.address, given.get("action") or self.address).partition("#")[0]
            self.form = Form(action, given.get("method", "get").lower())
            self.forms.append(self.form)
        elif self.form is not None and given.get("name"):
            self._control(self.form, tag, given)
        elif tag == "option" and self.form is not None and self.select and "selected" in given:
            self.form.data[self.select] = [given.get("value", "")]

    def _control(self, form: Form, tag: str, given: dict[str, str]) -> None:
        name, kind = given["name"], given.get("type", tag)
        form.kinds[name] = kind
        if tag == "select":
            self.select = name
            form.data.setdefault(name, [""])
        elif tag == "textarea":
            self.area = name
            form.data.setdefault(name, []).append("")
        elif kind in ("checkbox", "radio"):
            if "checked" in given:
                form.data.setdefault(name, []).append(given.get("value", "on"))
        elif kind not in ("submit", "file") and tag == "input":
            form.data.setdefault(name, []).append(given.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.form = None
        elif tag == "select":
            self.select = ""
        elif tag == "textarea":
            self.area = ""

    def handle_data(self, data: str) -> None:
        if self.area and self.form is not None:
            self.form.data[self.area][-1] += data


def pages_of(client: Any, start: str) -> Iterator[tuple[str, Reader]]:
    """One page of each view that can be reached by links from `start`, with its address."""
    waiting, seen = [start], set()
    while waiting:
        address = waiting.pop(0)
        view = view_of(address)
        if not view or view in seen or view in NOT_FOLLOWED:
            continue
        seen.add(view)
        answer = client.get(address, follow=True)
        if not answer.headers.get("Content-Type", "").startswith("text/html"):
            continue
        reader = Reader(answer.redirect_chain[-1][0] if answer.redirect_chain else address)
        reader.feed(answer.content.decode())
        waiting += reader.links
        yield address, reader


def forms_of(client: Any, start: str) -> list[Form]:
    """Every different form to be found from `start`."""
    found: dict[tuple[str, ...], Form] = {}
    for _address, reader in pages_of(client, start):
        for form in reader.forms:
            if form.view and form.view not in NOT_FOLLOWED:
                found.setdefault(form.key, form)
    return list(found.values())


def questions_of(client: Any, start: str) -> list[tuple[str, str]]:
    """Addresses and the names of what may be asked after `?`: in links, and in forms that are sent by GET."""
    found: dict[tuple[str, str], str] = {}
    for address, reader in pages_of(client, start):
        found.setdefault((view_of(address), "page"), address.partition("?")[0])
        for link in reader.links:
            for name, _value in parse_qsl(urlsplit(link).query, keep_blank_values=True):
                found.setdefault((view_of(link), name), link.partition("?")[0])
        for form in reader.forms:
            if form.method == "get":
                for name in form.kinds:
                    found.setdefault((form.view, name), form.action.partition("?")[0])
    return [(address, name) for (view, name), address in found.items() if view]
