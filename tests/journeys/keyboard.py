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

    def __init__(self, page):
        self.page = page

    def go_to(self, name, most=60):
        self.page.wait_for_load_state()
        for _ in range(most):
            self.page.keyboard.press("Tab")
            if name in self.page.evaluate(NAME_OF_FOCUSED):
                assert self.page.evaluate(OUTLINE_OF_FOCUSED), f"{name!r} does not show that it has the focus"
                return
        raise AssertionError(f"{name!r} can't be reached by keyboard on {self.page.url}")

    def type(self, name, text):
        self.go_to(name)
        self.page.keyboard.type(text)

    def choose(self, name):
        self.go_to(name)
        self.page.keyboard.press("Space")

    def press(self, name):
        self.go_to(name)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
