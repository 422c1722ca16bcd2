"""Somebody who taps or clicks; what they do is called as what `keyboard.Keyboard` does."""


class Pointer:
    """Find it, and press it."""

    def __init__(self, page):
        self.page = page

    def type(self, name, text):
        self.page.get_by_label(name).fill(text)

    def choose(self, name):
        self.page.get_by_role("radio", name=name, exact=True).or_(
            self.page.get_by_role("checkbox", name=name)
        ).check()

    def pick(self, name, option):
        self.page.get_by_label(name).select_option(label=option)

    def press(self, name):
        button = self.page.get_by_role("button", name=name).or_(self.page.get_by_role("link", name=name))
        button.first.click()
