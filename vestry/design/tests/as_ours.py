"""What a fixture of GOV.UK Frontend asks for, in our macros' own words.

A word that has no counterpart is handed on as it is, and the macro refuses it: that fixture isn't supported.
"""

import re

from markupsafe import Markup

PLAIN = {
    "aria_label": "label",
    "collapse_navigation_on_mobile": "collapse",
    "label_text": "label",
    "maxlength": "max_characters",
    "maxwords": "max_words",
    "landmark_label": "landmark",
    "id_prefix": "id",
    "icon_fallback_text": "prefix",
    "is_start_button": "start",
    "menu_button_label": "toggle_label",
    "menu_button_text": "toggle",
    "navigation_id": "navigation_id",
    "service_name": "name",
    "service_url": "href",
    "title_heading_level": "heading_level",
    "url": "href",
    "visually_hidden_text": "prefix",
}


def snake(name):
    return re.sub(r"[A-Z]", lambda letter: "_" + letter.group().lower(), name)


def text_of(given, before=""):
    """`text` or `html` under one name: what is Markup is not escaped again."""
    html, text = (f"{before}Html", f"{before}Text") if before else ("html", "text")
    return Markup(given[html]) if given.get(html) else given.get(text, "")


def words(options, *, drop=()):
    said = {}
    for name, value in options.items():
        if name not in {"text", "html", *drop}:
            ours = snake(name)
            said[PLAIN.get(ours, ours)] = value
    if options.get("text") or options.get("html"):
        said["text"] = text_of(options)
    return said


def flattened(said, name, text="", **names):
    """`label: {text, classes}` becomes `label=, label_classes=`; what it holds beyond is handed on."""
    given = said.pop(name, None)
    if not given:
        return
    given = dict(given)
    said[text or name] = text_of(given)
    given.pop("text", None), given.pop("html", None)
    for theirs, ours in names.items():
        if theirs in given:
            said[ours] = given.pop(theirs)
    said.update({f"{name}.{rest}": value for rest, value in given.items()})


def field(options):
    said = words(options)
    flattened(said, "label", classes="label_classes", isPageHeading="heading")
    flattened(said, "hint")
    flattened(said, "error_message", "error")
    flattened(said, "form_group", "form_group", classes="group_classes")
    flattened(said, "count_message", "count_message", classes="count_classes")
    flattened(said, "input_wrapper", "input_wrapper", classes="wrapper_classes")
    for affix in ("prefix", "suffix"):
        flattened(said, affix)
    for empty in ("form_group", "count_message", "input_wrapper"):
        if said.get(empty) == "":
            del said[empty]
    fieldset = dict(said.pop("fieldset", None) or {})
    if fieldset:
        said |= legend(fieldset.pop("legend", {}))
        for theirs, ours in (("describedBy", "described_by"), ("classes", "fieldset_classes")):
            if theirs in fieldset:
                said[ours] = fieldset.pop(theirs)
        said |= {f"fieldset.{rest}": value for rest, value in fieldset.items()}
    said.setdefault("id", said.get("name", ""))
    return {name: value for name, value in said.items() if name == "label" or value is not None}


def legend(given):
    said = {"legend": given}
    flattened(said, "legend", classes="legend_classes", isPageHeading="heading")
    return said


def item(given):
    if not given or isinstance(given, str):
        return given
    said = words(given)
    if given.get("hint"):
        said["hint"] = text_of(given["hint"])
    if given.get("conditional"):
        said["conditional"] = Markup(given["conditional"].get("html") or "")
    if given.get("label"):
        said["label_classes"] = given["label"].get("classes")
        if "attributes" in given["label"]:
            raise TypeError("an item's label takes no attributes")
    return said


def skip_link(options):
    return {"href": "#content", **words(options)}


def choices(options):
    said = field(options)
    said["items"] = [item(one) for one in options.get("items", [])]
    return said


def select(options):
    return choices(options)


def date_input(options):
    said = field(options)
    said["name_prefix"] = options.get("namePrefix", "")
    prefix = f"{options['namePrefix']}-" if options.get("namePrefix") else ""
    said["values"] = {name.removeprefix(prefix): value for name, value in options.get("values", {}).items()}
    said["parts"], said["labels"], said["wrong"], said["autocomplete"] = [], {}, [], {}
    given = {name: said.pop(name, {}) for name in ("day", "month", "year")}
    if said.get("items"):
        given = {
            one["name"]: {name: value for name, value in one.items() if name != "name"}
            for one in said["items"]
        }
    said.pop("items", None)
    for name, part in given.items():
        if part is not False:
            said["parts"].append(name)
            a_part(said, name, dict(part))
    spared = [name for name, part in given.items() if part and part.get("error") is False]
    if spared:
        said["wrong"] = [name for name in said["parts"] if name not in spared]
    return said


def a_part(said, name, part):
    width = f"govuk-input--width-{4 if name == 'year' else 2}"
    if part.pop("classes", width) != width:
        said[f"{name}.classes"] = ""
    if part.pop("error", False):
        said["wrong"].append(name)
    for theirs, ours in (("label", "labels"), ("autocomplete", "autocomplete"), ("value", "values")):
        if theirs in part:
            said[ours][name] = part.pop(theirs)
    said.update({f"{name}.{rest}": value for rest, value in part.items()})


def error_summary(options):
    said = words(options, drop=("titleText", "titleHtml", "descriptionText", "descriptionHtml", "errorList"))
    said["errors"] = [item(one) for one in options.get("errorList", [])]
    return said | {"title": text_of(options, "title"), "description": text_of(options, "description")}


def details(options):
    return words(options, drop=("summaryText", "summaryHtml")) | {"summary": text_of(options, "summary")}


def fieldset(options):
    said = words(options, drop=("legend",)) | legend(options.get("legend", {}))
    return called(said, options)


def called(said, options):
    """What is given as HTML stands between the macro's `call` and `endcall`."""
    if options.get("html"):
        said["caller"] = lambda: said_html
        said_html = said.pop("text")
    return said


def label(options):
    said = words(options)
    for theirs, ours in (("for", "target"), ("is_page_heading", "heading")):
        if theirs in said:
            said[ours] = said.pop(theirs)
    return {"text": "", **said}


def titled(options):
    return words(options, drop=("titleText", "titleHtml")) | {"title": text_of(options, "title")}


def notification_banner(options):
    said = titled(options)
    if "type" in said:
        said["success"] = said.pop("type") == "success"
    if "disable_auto_focus" in said:
        said["focus"] = not said.pop("disable_auto_focus")
    return called(said, options)


def phase_banner(options):
    said = words(options)
    flattened(said, "tag", classes="tag_classes")
    return {"tag": "", **said}


def listed(options):
    said = words(options)
    said["items"] = [item(one) for one in options.get("items") or []]
    return said


def header(options):
    said = words(options, drop=("logoText", "logoHtml"))
    return said | {"text": text_of(options, "logo")}


def service_navigation(options):
    said = words(options)
    said["items"] = [item(one) for one in said.pop("navigation", None) or []]
    slots = dict(said.pop("slots", {}))
    if "end" in slots:
        end = slots.pop("end")
        said["end"] = Markup(end if isinstance(end, str) else end["html"])
        said["end_inline"] = not isinstance(end, str) and end.get("align") == "inline"
    return said | {f"slots.{rest}": "" for rest in slots}


def actions(given):
    said = [words(one) for one in (given or {}).get("items", [])]
    return [{"hidden" if name == "prefix" else name: value for name, value in one.items()} for one in said]


def summary_row(row):
    if not row:
        return row
    return {
        "key": text_of(row["key"]),
        "key_classes": row["key"].get("classes"),
        "value": text_of(row["value"]),
        "value_classes": row["value"].get("classes"),
        "actions": actions(row.get("actions")),
        "actions_classes": (row.get("actions") or {}).get("classes"),
        "classes": row.get("classes"),
    }


def summary_list(options):
    said = words(options)
    said["rows"] = [summary_row(row) for row in options["rows"]]
    card = said.pop("card", None)
    if card:
        said["card"] = text_of(card.get("title", {}))
        said["card_level"] = card.get("title", {}).get("headingLevel", 2)
        said["card_classes"] = card.get("classes", "")
        said["card_attributes"] = card.get("attributes", {})
        said["card_actions"] = actions(card.get("actions"))
    return said


def task(item):
    said = {name: item[name] for name in ("href", "classes") if item.get(name)}
    said["title"], said["title_classes"] = text_of(item["title"]), item["title"].get("classes", "")
    status = item["status"]
    said["status"], said["status_classes"] = text_of(status), status.get("classes", "")
    if item.get("hint"):
        said["hint"] = text_of(item["hint"])
    if status.get("tag"):
        said |= {
            "tag": True,
            "status": text_of(status["tag"]),
            "tag_classes": status["tag"].get("classes", ""),
        }
    return said


def task_list(options):
    said = words(options)
    said["items"] = [task(item) if item else None for item in options["items"]]
    return said


def table(options):
    said = words(options)
    said["rows"] = [[words(cell) for cell in row] if row else row for row in options["rows"]]
    said["head"] = [words(cell) for cell in options.get("head", [])]
    return said


def pagination(options):
    said = words(options)
    for way in ("previous", "next"):
        if way in said:
            link = words(said[way])
            said[way] = link | {"label": link.pop("labelText", "") or link.pop("label", "")}
    return said
