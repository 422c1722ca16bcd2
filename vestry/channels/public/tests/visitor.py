"""A visitor without script, cookies off: opens pages, fills in what is there, presses buttons."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode, urljoin

from django.test import Client


@dataclass
class Form:
    action: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    buttons: list[str] = field(default_factory=list)
    encoding: str = ""


class Reader(HTMLParser):
    """What a page holds, as a browser would see it."""

    def __init__(self, html):
        super().__init__()
        self.forms, self.links, self.ids, self.words, self.title = [], [], set(), [], ""
        self._open, self._form, self._link = [], None, None
        self.feed(html)
        self.text = " ".join(" ".join(self.words).split())

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.ids.add(attrs.get("id"))
        if tag not in {"input", "meta", "link", "br", "hr", "img"}:
            self._open.append(tag)
        if tag == "form":
            assert attrs["method"] == "post"
            self._form = Form(action=attrs["action"], encoding=attrs.get("enctype", ""))
            self.forms.append(self._form)
        if tag == "a":
            self._link = [attrs.get("href", ""), ""]
            self.links.append(self._link)
        if tag in {"input", "textarea", "button"}:
            self._control(tag, attrs)

    def _control(self, tag, attrs):
        if self._form is None:
            return
        if tag == "button":
            self._form.buttons.append(attrs.get("data-prevent-double-click", ""))
            # One with a name is pressed by filling it in.
            self._form.names |= {attrs["name"]} if "name" in attrs else set()
            return
        self._form.names.add(attrs["name"])
        ticked = attrs.get("type") not in {"radio", "checkbox", "file"} or "checked" in attrs
        if ticked:
            self._form.fields.append((attrs["name"], attrs.get("value", "")))

    def handle_endtag(self, tag):
        if tag in self._open:
            self._open.remove(tag)
        if tag == "form":
            self._form = None
        if tag == "a":
            self._link = None

    def handle_data(self, data):
        if "title" in self._open and "svg" not in self._open:
            self.title += data
        elif not {"script", "style"} & set(self._open):
            self.words.append(data)
            if self._link:
                self._link[1] = " ".join((self._link[1] + data).split())


class Visitor:
    """Goes from page to page: ``here`` is the address, ``page`` what is on it, ``status`` how it came."""

    def __init__(self, host="testserver"):
        self.client = Client(headers={"host": host}, enforce_csrf_checks=True)
        self.response = None

    def _arrive(self, response):
        for _ in range(5):
            # Without cookies: a visitor who keeps none gets just as far.
            assert not response.cookies
            if response.status_code not in {301, 302}:
                break
            self.here = urljoin(self.here, response["Location"])
            response = self.client.get(self.here)
        self.response, self.status = response, response.status_code
        self.page = Reader(response.content.decode())
        return self

    def open(self, address):
        self.here = address
        return self._arrive(self.client.get(address))

    def follow(self, text):
        (address,) = {href for href, said in self.page.links if said == text}
        return self.open(urljoin(self.here, address.partition("#")[0]))

    def press(self, form=0, **typed):
        """Fill in the page's form and send it; a field that isn't there can't be filled in."""
        form = self.page.forms[form]
        typed = {name.replace("__", "-"): value for name, value in typed.items()}
        assert set(typed) <= form.names, f"{set(typed) - form.names} not on the page"
        sent = [(name, value) for name, value in form.fields if name not in typed] + list(typed.items())
        data = {}
        for name, value in sent:
            data.setdefault(name, []).extend(value if isinstance(value, list) else [value])
        self.here = urljoin(self.here, form.action)
        if form.encoding:
            return self._arrive(self.client.post(self.here, data))
        said = urlencode([(name, str(one)) for name, several in data.items() for one in several])
        return self._arrive(self.client.post(self.here, said, "application/x-www-form-urlencoded"))
