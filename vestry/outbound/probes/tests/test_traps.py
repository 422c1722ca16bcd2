"""The traps that were found by trying: each is a site, and none of them is fallen into."""

import os
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic, sleep

import pytest

from vestry.outbound.probes import Probes, browsing, keyboard, openapi, proxy
from vestry.outbound.probes.confined import Gate, Limits, Named, NotReached, taken_apart
from vestry.outbound.probes.tests.sites import traps
from vestry.outbound.probes.tests.sites.served import Reply, Site, authority, secured, serving
from vestry.technology.ports import NotLookedAt, Verdict

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.usefixtures("chromium_is_there")]
OF_PAGES = ("C4", "M1", "M2", "M4", "M5", "M6", "M7", "M9", "E3", "E4", "E9", "E11", "S3", "S10")


def look(url, **how):
    run = Probes(local=True, **how).look(url, now=lambda: datetime.now(UTC), told=lambda _: None)
    return {each.criterion: each for each in run.findings}


def look_at(site, **how):
    with serving(site) as port:
        return look(f"http://site.localhost:{port}/", **how)


def test_a_fixed_viewport_does_not_fit_though_nothing_overflows():
    found = look_at(traps.fixed_viewport())["M1"]
    assert (found.verdict, "1024 px at 360" in found.said) == (Verdict.NOT_MET, True)


def test_a_menu_that_vanishes_is_missed_and_one_behind_a_button_is_not():
    gone = look_at(traps.vanishing_menu())
    assert gone["M1"].verdict == gone["M9"].verdict == Verdict.MET
    assert gone["M2"].verdict == Verdict.NOT_MET
    assert "report a bin" in gone["M2"].said
    assert look_at(traps.folded_menu())["M2"].verdict == Verdict.MET


def test_a_frame_from_elsewhere_is_looked_into():
    with serving(traps.inner()) as port:
        found = look_at(traps.framed(f"http://pay.localhost:{port}/"))
    assert found["M9"].verdict == found["E3"].verdict == Verdict.NOT_MET
    assert "pay.localhost" in found["M9"].said


def test_a_frame_that_cannot_be_reached_leaves_it_not_known():
    def names(host):
        return Named(addresses=("10.1.2.3",) if host == "pay.example" else ("127.0.0.1",))

    found = look_at(traps.framed("http://pay.example/"), names=names)
    assert found["M9"].verdict == found["E3"].verdict == Verdict.NOT_KNOWN
    assert "pay.example" in found["M9"].said


@pytest.mark.parametrize(
    ("site", "why"),
    [
        (traps.challenge, "asks who is looking"),
        (traps.blank, "as good as empty"),
        (traps.login, "sign in first"),
        (traps.broken, "It answered 503"),
    ],
)
def test_what_stands_in_front_of_a_product_says_nothing_of_it(site, why):
    found = look_at(site())
    for criterion in OF_PAGES:
        assert found[criterion].verdict == Verdict.NOT_KNOWN, found[criterion]
        assert why in found[criterion].said
    assert Verdict.MET not in {each.verdict for each in found.values()}
    assert Verdict.NOT_MET not in {each.verdict for each in found.values()} or site is traps.blank


def test_a_page_where_a_file_should_be_is_no_file():
    found = look_at(traps.not_a_document())
    assert found["I1"].verdict == found["I2"].verdict == Verdict.NOT_KNOWN
    assert found["S4"].verdict == Verdict.NOT_MET
    assert found["C7"].verdict == Verdict.NOT_KNOWN


def test_a_file_that_is_guarded_and_a_statement_elsewhere_are_not_known():
    found = look_at(traps.guarded_files())
    assert (found["S4"].verdict, "403" in found["S4"].said) == (Verdict.NOT_KNOWN, True)
    assert (found["E4"].verdict, "council.example" in found["E4"].said) == (Verdict.NOT_KNOWN, True)


def test_a_file_is_not_a_document():
    found = look_at(traps.invalid_document())["I2"]
    assert (found.verdict, "is not valid" in found.said) == (Verdict.NOT_MET, True)


def test_an_issuer_not_known_here_and_a_port_that_is_shut_are_not_held_against_it(tmp_path):
    by = authority(tmp_path)
    with serving(traps.vanishing_menu(), secured(by, "site.localhost")) as port:
        found = look(f"https://site.localhost:{port}/", plain_port=1)["S2"]
        assert (found.verdict, "not known here" in found.said) == (Verdict.NOT_KNOWN, True)
        # Trusted it would be met in part: it does not insist; that port 80 is shut adds nothing to it.
        found = look(f"https://site.localhost:{port}/", plain_port=1, trust=by.file)["S2"]
        assert (found.verdict, "does not insist" in found.said) == (Verdict.PARTLY, True)


@pytest.mark.parametrize(
    ("how", "said"),
    [({"self_signed": True}, "self-signed"), ({"days": -3}, "run out"), ({"days": 3}, "ends on")],
)
def test_a_certificate_that_nobody_can_trust_is(tmp_path, how, said):
    by = authority(tmp_path)
    with serving(traps.blank(), secured(by, "site.localhost", **how)) as port:
        found = look(f"https://site.localhost:{port}/", trust=by.file)["S2"]
    assert (found.verdict, said in found.said) == (Verdict.NOT_MET, True), found.said


def test_nothing_inside_is_reached_by_what_a_page_draws_in():
    inside = Site(at={"/*": Reply("secret")})

    def names(host):
        return Named(addresses=("127.0.0.1",) if host == "site.example" else ("10.1.2.3", "127.0.0.2"))

    with (
        serving(inside, address="127.0.0.2") as port,
        serving(traps.draws_from_inside("in.example", port)) as own,
    ):
        run = look(f"http://site.example:{own}/", names=names)
    assert inside.asked == []
    assert run["M1"].verdict == Verdict.MET


def test_nobody_is_followed_to_another_host():
    other = Site(at={"/*": traps.page("Other", "")})
    with serving(other) as port:
        to = f"http://other.localhost:{port}/"
        led = look_at(traps.leads(to))
        led_by_script = look_at(traps.leads_in_the_browser(to))
    assert "/" not in other.asked or led_by_script["M1"].verdict == Verdict.NOT_KNOWN
    for found in (led, led_by_script):
        assert found["M1"].verdict == Verdict.NOT_KNOWN
        assert "other" in found["M1"].said


def test_a_page_that_goes_on_for_ever_is_read_only_so_far():
    found = look_at(traps.talkative(), limits=Limits(bytes=12_000_000))
    assert {each.verdict for each in found.values()} <= {*Verdict}
    assert found["E4"].verdict != Verdict.MET


@pytest.mark.parametrize(
    ("site", "verdict", "says"),
    [
        (traps.by_keyboard, Verdict.MET, "a form can be filled in"),
        (traps.focus_by_a_shadow, Verdict.MET, "a form can be filled in"),
        (traps.only_for_a_mouse, Verdict.NOT_MET, "not reached: Pay; not reached: Report"),
        (traps.out_of_order, Verdict.NOT_MET, "out of order: Link 4"),
        (traps.no_focus, Verdict.NOT_MET, "focus not seen: One"),
        (traps.holds_the_keyboard, Verdict.NOT_MET, "cannot get away from “Where is it?”"),
        (traps.deaf_form, Verdict.NOT_MET, "cannot be filled in by keyboard: Where is it?; Tell me again"),
        (traps.nothing_to_fill_in, Verdict.NOT_KNOWN, "no form was seen"),
        (traps.a_button_before_the_form, Verdict.MET, "a form can be filled in"),
        (traps.only_a_button, Verdict.NOT_KNOWN, "no form was seen"),
        (traps.holds_it_at_the_end, Verdict.NOT_MET, "cannot get away from “Report it”"),
        (traps.hard_to_type_into, Verdict.MET, "a form can be filled in"),
    ],
)
def test_a_page_is_gone_through_by_keyboard_and_nothing_is_sent(site, verdict, says):
    made = site()
    found = look_at(made)["E11"]
    assert (found.verdict, says in found.said) == (verdict, True), found.said
    assert "/sent" not in made.asked


def test_what_is_typed_does_not_leave_the_page_whatever_it_does_with_it():
    site = traps.sends_by_itself()
    with serving(site) as port:
        gate = Gate(taken_apart(f"http://site.localhost:{port}/"), local=True)
        with proxy.listening(gate) as way_out, browsing.running(gate, way_out) as browser:
            (gone,) = keyboard.go_through(browser, [gate.target.url])
    assert (gone.form, gone.stuck) == (True, [])
    assert not {"/sent", "/kept"} & {*site.asked}


def test_a_page_that_fails_takes_nothing_from_the_others_and_without_time_none_is_begun():
    with serving(traps.nothing_to_fill_in()) as port:
        gate = Gate(taken_apart(f"http://site.localhost:{port}/"), local=True)
        url = gate.target.url
        with proxy.listening(gate) as way_out, browsing.running(gate, way_out) as browser:
            (gone,) = keyboard.go_through(browser, [url, "http://site.localhost:1/"])
            gate.limits = Limits(seconds=0)
            with pytest.raises(NotReached, match="no time left"):
                keyboard.go_through(browser, [url])
    assert gone.stops == ["One", "Two"]


def processes():
    """What runs on this machine: process, its parent, its group, its name."""
    for file in Path("/proc").glob("[0-9]*/stat"):
        try:
            number, rest = file.read_text().split(" (", 1)
        except OSError:
            continue
        name, _, fields = rest.rpartition(") ")
        state, parent, group = fields.split()[:3]
        if state != "Z":
            yield int(number), int(parent), int(group), name


def browsers_of(process):
    """The groups of browsers that a process started, or what it started did."""
    every = list(processes())
    mine = {process}
    while more := {number for number, parent, *_ in every if parent in mine} - mine:
        mine |= more
    return {group for number, _, group, name in every if number in mine and name.startswith("chrom")}


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are told of in /proc")
def test_a_look_that_does_not_end_ends_its_browser():
    before = browsers_of(os.getpid())
    started = set()

    def told(progress):
        if progress.step == 3:
            started.update(browsers_of(os.getpid()) - before)

    probes = Probes(local=True, limits=Limits(seconds=12, grace=1))
    with serving(traps.endless()) as port, pytest.raises(NotLookedAt, match="a page did not come to an end"):
        probes.look(f"http://site.localhost:{port}/", now=lambda: datetime.now(UTC), told=told)
    assert started
    ends = monotonic() + 20
    while left := started & {group for _, _, group, _ in processes()}:
        assert monotonic() < ends, left
        sleep(0.05)


def test_a_description_does_not_lead_inside():
    inside = Site(at={"/*": Reply("{}", "application/json")})
    with serving(inside) as port:
        found = look_at(traps.refers_inside(port))["I2"]
    assert inside.asked == []
    assert (found.verdict, "not followed" in found.said) == (Verdict.NOT_KNOWN, True)


def test_a_description_of_no_shape_takes_nothing_from_the_rest_of_the_look():
    with serving(traps.misshapen()) as port:
        run = Probes(local=True).look(
            f"http://site.localhost:{port}/",
            now=lambda: datetime.now(UTC),
            told=lambda _: None,
            leave="a letter",
        )
    found = {each.criterion: each for each in run.findings}
    assert (found["I1"].verdict, found["I2"].verdict) == (Verdict.MET, Verdict.NOT_KNOWN)
    assert (found["I3"].verdict, "The probe itself failed" in found["I3"].said) == (Verdict.NOT_KNOWN, True)
    assert found["M1"].verdict == Verdict.MET


@pytest.mark.parametrize("paths", [["a"], "a", {"/a": ["get"]}, {"/a": {"get": {"responses": {"": {}}}}}])
def test_what_is_described_anyhow_is_read(paths):
    document = {"info": {}, "paths": paths}
    assert "info: no description" in list(openapi.faults_of_style(document))


def test_without_leave_to_look_at_this_machine_nothing_is_asked():
    site = traps.blank()
    with serving(site) as port, pytest.raises(NotLookedAt, match="leads inside"):
        Probes().look(f"http://127.0.0.1:{port}/", now=lambda: datetime.now(UTC), told=lambda _: None)
    assert site.asked == []
