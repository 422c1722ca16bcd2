"""Somebody who uses only a keyboard."""

NAME_OF_FOCUSED = """() => {
  const it = document.activeElement;
  if (!it || it === document.body) return "";  // nothing has the focus, and the body's text is the whole page
  return (it.labels && it.labels[0] && it.labels[0].innerText) || it.innerText || it.value || "";
}"""
OUTLINE_OF_FOCUSED = """() => {
  const it = document.activeElement, style = getComputedStyle(it);
  const label = it.labels && it.labels[0] && getComputedStyle(it.labels[0], "::before");
  const seen = one => one && (one.outlineStyle !== "none" || one.boxShadow !== "none");
  return Boolean(seen(style) || seen(label));
}"""


class Keyboard:
    """Tab until it is there, see where one is, press."""

    def __init__(self, page, frame=None):
        """``frame``: what is pressed is in there."""
        self.keyboard = page.keyboard
        self.page = frame or page

    def go_to(self, name, most=200, only=""):
        """``only`` is a selector of what it has to be: a box to tick may be called like a link."""
        self.page.wait_for_load_state()
        for _ in range(most):
            self.keyboard.press("Tab")
            if only and not self.page.evaluate("only => document.activeElement.matches(only)", only):
                continue
            if name in self.page.evaluate(NAME_OF_FOCUSED):
                assert self.page.evaluate(OUTLINE_OF_FOCUSED), f"{name!r} does not show that it has the focus"
                return
        raise AssertionError(f"{name!r} can't be reached by keyboard on {self.page.url}")

    def type(self, name, text):
        self.go_to(name)
        self.keyboard.type(text)

    def choose(self, name):
        """Of radios only one is come to by Tab; the arrows go round the others, and choose as they go."""
        self.page.wait_for_load_state()
        group = self.page.get_by_role("radio", name=name).count()
        self.go_to("" if group else name, only="[type=radio]" if group else "[type=checkbox]")
        if not group:
            return self.keyboard.press("Space")
        if not self.page.evaluate("document.activeElement.checked"):
            self.keyboard.press("Space")
        for _ in range(self.page.get_by_role("radio").count()):
            if self.page.evaluate(NAME_OF_FOCUSED).strip() == name:
                return None
            self.keyboard.press("ArrowDown")
        raise AssertionError(f"{name!r} can't be chosen by keyboard on {self.page.url}")

    def pick(self, name, option):
        """One of a long list: typed into, where the browser runs script."""
        self.page.wait_for_load_state("networkidle")
        self.type(name, option)
        if self.page.evaluate("document.activeElement.getAttribute('role')") == "combobox":
            self.page.get_by_role("option", name=option).first.wait_for()
            self.keyboard.press("ArrowDown")
            self.keyboard.press("Enter")

    def press(self, name):
        self.go_to(name, only="a, button")
        with self.page.expect_navigation():
            self.keyboard.press("Enter")
