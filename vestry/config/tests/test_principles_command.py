"""`vestry principles`: six words and where to mend it, for whoever uses nothing else."""

import json

import pytest

from vestry.config.cli import main
from vestry.outbound.probes.tests.sites import bad, good
from vestry.outbound.probes.tests.sites.served import serving


@pytest.fixture
def principles(tmp_path, capsys):
    def run(address, *more):
        code = main(["principles", address, *more])
        told = capsys.readouterr()
        return code, told.out, told.err

    return run


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("http://127.0.0.1:1/", "127.0.0.1 leads inside"),
        ("http://[::ffff:10.0.0.1]/", "leads inside"),
        ("http://169.254.169.254/latest/meta-data/", "leads inside"),
        ("ftp://example.com/", "It has to begin with https:// or http://"),
        ("https://sam:secret@example.com/", "Leave them out"),
    ],
)
def test_what_leads_inside_or_nowhere_is_refused(principles, address, said):
    code, out, err = principles(address)
    assert code == 1
    assert said in err
    assert not out


def test_a_journey_that_is_none_is_refused_before_anything_is_asked(principles, tmp_path):
    (tmp_path / "journey.yaml").write_text("title: x\nsteps: []\n")
    code, _out, err = principles("https://example.com/", "--journey", str(tmp_path / "journey.yaml"))
    assert code == 1
    assert "This is not a journey" in err


@pytest.mark.browser
@pytest.mark.slow
def test_a_bad_site_is_told_where_to_mend_and_ends_with_3(principles, tmp_path, chromium_is_there):
    with serving(bad.with_an_interface()) as port:
        code, out, err = principles(
            f"http://bad.localhost:{port}/", "--allow-local",
            *("--json", str(tmp_path / "found.json")),
            *("--html", str(tmp_path / "found.html")),
            *("--evidence", str(tmp_path / "evidence")),
        )  # fmt: skip
    assert code == 3
    assert "Opening its pages on a phone" in err
    assert "? Flexible" in out
    assert "None of its pages leads to an accessibility statement." in out
    assert "To mend: A statement that is complete" in out
    found = json.loads((tmp_path / "found.json").read_text())
    assert len(found["words"]) == 6
    assert found["words"]["enabling-customers"] == {"word": "not-met", "because": ["E4"]}
    assert {each["criterion"] for each in found["ask"]} >= {"C1", "F1", "S1"}
    page = (tmp_path / "found.html").read_text()
    assert "None of its pages leads to an accessibility statement." in page
    run = (tmp_path / "evidence" / "run.txt").read_text()
    for each in found["evidence"]:
        assert f"{each['sha256']}  {each['name']}" in run
        assert (tmp_path / "evidence" / each["name"]).stat().st_size == each["bytes"]


@pytest.mark.browser
@pytest.mark.slow
def test_where_nothing_is_seen_to_be_wrong_it_ends_with_0(principles, tmp_path, chromium_is_there):
    (tmp_path / "journey.yaml").write_text(good.JOURNEY)
    with serving(good.site()) as port:
        code, out, _err = principles(
            f"http://good.localhost:{port}/", "--allow-local", "--journey", str(tmp_path / "journey.yaml")
        )
    assert code == 0, out
    assert "● Mobile ready             met" in out
    assert "NOT MET" not in out
