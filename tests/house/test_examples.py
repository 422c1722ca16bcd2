"""What the documents show works as it stands."""

import re
import shutil
import textwrap

from tests.house.places import ROOT
from vestry.config.cli import main

HOW_TO = ROOT / "docs" / "how-to" / "write-a-service.md"


def the_service_in_the_how_to():
    return textwrap.dedent(re.search(r"```yaml\n(.*?)```", HOW_TO.read_text(), re.DOTALL).group(1))


def pack_with(folder, text):
    pack = folder / "packs" / "mine"
    shutil.copytree(ROOT / "packs" / "harrowmere", pack)
    (pack / "services" / "dead-animal.yaml").write_text(text)
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
