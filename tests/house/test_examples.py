"""What the documents show works as it stands."""

import re
import shutil
import textwrap

from tests import tutorial
from tests.house.places import ROOT
from vestry.config.cli import main
from vestry.design.kinds import question_kinds

HOW_TO = ROOT / "docs" / "how-to" / "write-a-service.md"


def the_service_in_the_how_to():
    return textwrap.dedent(re.search(r"```yaml\n(.*?)```", HOW_TO.read_text(), re.DOTALL).group(1))


def pack_with(folder, text, *, service="dead-animal"):
    pack = folder / "packs" / "harrowmere"
    shutil.copytree(ROOT / "packs" / "harrowmere", pack)
    (pack / "services" / f"{service}.yaml").write_text(text)
    return str(pack)


def test_the_service_in_the_how_to_has_no_mistake(tmp_path, capsys):
    assert main(["check", pack_with(tmp_path, the_service_in_the_how_to())]) == 0, capsys.readouterr().err


def test_a_mistake_in_it_is_told_with_its_line(tmp_path, capsys):
    text = the_service_in_the_how_to().replace("radios:", "raidos:")
    line = text.split("raidos:")[0].count("\n") + 1
    assert main(["check", pack_with(tmp_path, text)]) == 1
    told = capsys.readouterr().err
    assert f"dead-animal.yaml:{line}" in told
    assert "radios" in told.replace("raidos", "")


def test_the_payment_of_its_how_to_is_taken_in_a_service_as_it_stands(tmp_path, capsys):
    said = (ROOT / "docs" / "how-to" / "take-payments.md").read_text()
    step = re.search(r"```yaml\njourney:\n.*?\n(  - pay: .*?)  - check:", said, re.DOTALL).group(1)
    bulky = (ROOT / "packs" / "harrowmere" / "services" / "bulky-waste.yaml").read_text()
    text = re.sub(r"  - pay: .*?(?=  - check:)", lambda _: step, bulky, flags=re.DOTALL)
    assert step in text
    assert text != bulky
    assert main(["check", pack_with(tmp_path, text, service="bulky-waste")]) == 0, capsys.readouterr().err


def test_every_kind_of_question_is_in_the_how_to_and_written_so_that_it_is_taken(tmp_path, capsys):
    table = HOW_TO.read_text().partition("## Kinds of question")[2].partition("\n## ")[0]
    lines = re.findall(r"\| `(- ([a-z-]+): \{.*\})` \|$", table, re.MULTILINE)
    assert sorted(kind for _line, kind in lines) == sorted(question_kinds())
    pages = "".join(
        f"  - page: A {kind}\n    ask:\n      {line.replace('id: ', 'id: a-', 1)}\n" for line, kind in lines
    )
    text = the_service_in_the_how_to().replace("journey:\n", f"journey:\n{pages}")
    assert main(["check", pack_with(tmp_path, text)]) == 0, capsys.readouterr().err


def test_the_service_of_the_tutorial_has_no_mistake(tmp_path, capsys):
    pack = pack_with(tmp_path, tutorial.service(), service="recycling-box")
    assert main(["check", pack]) == 0, capsys.readouterr().err


def test_so_has_the_service_as_the_tutorial_changes_it(tmp_path, capsys):
    pack = pack_with(tmp_path, tutorial.changed(tutorial.service()), service="recycling-box")
    assert main(["check", pack]) == 0, capsys.readouterr().err


def test_the_mistake_of_the_tutorial_is_told_as_it_says(tmp_path, capsys, monkeypatch):
    text = tutorial.service().replace('reason == "broken"', 'reason == "brocken"')
    pack_with(tmp_path, text, service="recycling-box")
    monkeypatch.chdir(tmp_path)
    assert main(["check", "packs/harrowmere"]) == 1
    assert capsys.readouterr().err == tutorial.told()[0]
