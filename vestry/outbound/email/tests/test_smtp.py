"""Email over SMTP, against real servers."""

import shutil
import ssl
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default

import pytest

from tools.postgres import free_port
from vestry.notify.ports import OutboundEmail, Rejected, Unreachable
from vestry.outbound.email import smtp
from vestry.outbound.email.smtp import BadEmailUrl, Server, SmtpEmail
from vestry.outbound.email.tests.servers import Mailroom, certificate, running, saying


def an_email(**said):
    return OutboundEmail(
        **{
            "message_id": "<1@harrowmere.test>",
            "written_at": datetime(2026, 11, 23, 12, tzinfo=UTC),
            "to": "amal@example.org",
            "to_name": "Amal Haddad",
            "sender_name": "Harrowmere District Council",
            "reply_to": "hello@harrowmere.example",
            "subject": "We have your report",
            "tried_before": False,
            "body": "Your reference is MB-7K3N-9QFA.\n",
            "wrapped": "Your reference is MB-7K3N-9QFA.\n",
            **said,
        }
    )


def post(port, message=None, query="tls=none", sender="no-reply@harrowmere.example", user=""):
    SmtpEmail(f"smtp://{user}127.0.0.1:{port}?{query}", sender).send(message or an_email())


def delivered(mailroom):
    (envelope,) = mailroom.taken
    return message_from_bytes(envelope.content, policy=default), envelope


def posted(message):
    mailroom = Mailroom()
    with running(mailroom) as port:
        post(port, message)
    return delivered(mailroom)


def test_a_message_arrives_whole():
    email, envelope = posted(an_email())
    assert envelope.rcpt_tos == ["amal@example.org"]
    assert envelope.mail_from == "no-reply@harrowmere.example"
    assert email["To"] == "Amal Haddad <amal@example.org>"
    assert email["From"] == "Harrowmere District Council <no-reply@harrowmere.example>"
    assert email["Reply-To"] == "Harrowmere District Council <hello@harrowmere.example>"
    assert email["Message-ID"] == "<1@harrowmere.test>"
    assert email["Auto-Submitted"] == "auto-generated"
    assert email["Date"].datetime == datetime(2026, 11, 23, 12, tzinfo=UTC)
    assert email.get_content_type() == "text/plain"
    assert email.get_content().strip() == "Your reference is MB-7K3N-9QFA."


def test_names_and_texts_in_any_script_arrive():
    email, envelope = posted(
        an_email(to_name="Siân Müller “李”", subject="Eich cais – £5 ✓", wrapped="Diolch Siân, £5 – 李\n")
    )
    assert email["To"].addresses[0].display_name == "Siân Müller “李”"
    assert email["Subject"] == "Eich cais – £5 ✓"
    assert email.get_content().strip() == "Diolch Siân, £5 – 李"
    # Seven-bit on the wire, so that no server on the way needs an extension.
    assert envelope.content.isascii()


def test_a_domain_in_any_script_is_written_as_servers_know_it():
    _, envelope = posted(an_email(to="amal@bücher.example"))
    assert envelope.rcpt_tos == ["amal@xn--bcher-kva.example"]


def test_a_dot_alone_and_from_at_the_start_survive():
    email, _ = posted(an_email(wrapped=".\nFrom me\n..\n"))
    assert email.get_content().replace("\r\n", "\n") == ".\nFrom me\n..\n"


@pytest.mark.parametrize("field", ["to", "to_name", "subject", "sender_name"])
@pytest.mark.parametrize("newline", ["\r\n", "\n", "\r"])
def test_no_header_can_be_smuggled_in(field, newline):
    mailroom = Mailroom()
    said = {field: f"amal@example.org{newline}Bcc: everyone@example.org{newline}{newline}Text"}
    with running(mailroom) as port:
        try:
            post(port, an_email(**said))
        except (Rejected, Unreachable, ValueError):
            assert mailroom.taken == []
        else:
            email, envelope = delivered(mailroom)
            assert email["Bcc"] is None
            assert envelope.rcpt_tos == ["amal@example.org"]
            assert "everyone" not in email.get_content()


@pytest.mark.parametrize(
    "address",
    ["nobody", "@example.org", "a@", "a b@example.org", "a@ex..org", "a@b@c", "<a@b>", ",@b.c", "@"],
)
def test_what_is_no_address_is_rejected_before_anybody_is_asked(address):
    with pytest.raises(Rejected):
        post(free_port(), an_email(to=address))


@pytest.mark.parametrize(
    ("command", "answer", "raised", "told"),
    [
        ("RCPT", "550 No such user here", Rejected, "550 No such user here"),
        ("RCPT", "553 No", Rejected, "553"),
        ("RCPT", "451 Greylisted, come back later", Unreachable, "451 Greylisted"),
        ("RCPT", "452 Mailbox full", Unreachable, "452"),
        ("DATA", "554 Looks like spam", Rejected, "554"),
        ("DATA", "451 Disk full", Unreachable, "451 Disk full"),
        ("MAIL", "550 Who are you?", Unreachable, "our address"),
        ("MAIL", "421 Too busy", Unreachable, "our address"),
    ],
)
def test_what_the_server_answers_is_told(command, answer, raised, told):
    mailroom = Mailroom(**{command: answer})
    with running(mailroom) as port, pytest.raises(raised, match=told):
        post(port)
    assert mailroom.taken == []


def test_an_address_the_server_can_not_write_to_is_rejected():
    with running(Mailroom(), enable_SMTPUTF8=False) as port, pytest.raises(Rejected, match="accented"):
        post(port, an_email(to="siân@example.org"))


def test_an_accented_address_goes_where_the_server_can():
    mailroom = Mailroom()
    with running(mailroom, enable_SMTPUTF8=True) as port:
        post(port, an_email(to="siân@example.org"))
    assert mailroom.taken[0].rcpt_tos == ["siân@example.org"]


def test_nobody_there():
    with pytest.raises(Unreachable, match="Nobody answers"):
        post(free_port())


def test_a_name_that_leads_nowhere():
    with pytest.raises(Unreachable, match="Nobody answers"):
        SmtpEmail("smtp://:@127.0.0.1:1?tls=none", "a@b.example").send(an_email())


GREETING = ("220 hello", "250 hello", "250 sender", "250 recipient")


@pytest.mark.parametrize("turns", range(5))
def test_a_server_gone_mid_way(turns):
    said = (*GREETING, "354 go on")[: turns + 1]
    with saying(*said) as port, pytest.raises(Unreachable, match="went away"):
        post(port)


def test_a_server_gone_before_it_said_that_it_took_the_message():
    with saying(*GREETING, "354 go on") as port, pytest.raises(Unreachable, match="went away"):
        post(port)


def test_a_server_gone_after_it_took_the_message_has_taken_it():
    with saying(*GREETING, "354 go on", "250 taken") as port:
        post(port)


@pytest.mark.parametrize("turns", range(3))
def test_a_server_that_falls_silent(turns, monkeypatch):
    monkeypatch.setattr(smtp, "TIMEOUT", 0.3)
    with saying(*GREETING[:turns], "") as port, pytest.raises(Unreachable, match=r"in time|went away"):
        post(port)


def test_a_server_that_speaks_something_else():
    with saying("HTTP/1.1 400 Bad Request", "250 x") as port, pytest.raises(Unreachable):
        post(port)


@pytest.fixture
def locked(tmp_path):
    if shutil.which("openssl") is None:
        pytest.skip("there is no openssl on this machine to make a certificate with")
    key, signed = certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(signed, key)
    return context, signed


def test_a_server_that_can_not_prove_who_it_is_gets_nothing(locked):
    mailroom = Mailroom()
    with running(mailroom, tls_context=locked[0]) as port, pytest.raises(Unreachable, match="secure"):
        SmtpEmail(f"smtp://localhost:{port}", "a@b.example").send(an_email())
    assert mailroom.taken == []


def test_a_server_without_encryption_gets_nothing_when_it_is_asked_for():
    mailroom = Mailroom()
    with running(mailroom) as port, pytest.raises(Unreachable):
        post(port, query="tls=starttls")
    assert mailroom.taken == []


def guarded(mailroom, locked):
    return running(
        mailroom,
        tls_context=locked[0],
        require_starttls=True,
        auth_required=True,
        authenticator=mailroom.allow,
    )


def test_encrypted_and_signed_in(locked, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(locked[1]))
    mailroom = Mailroom()
    with guarded(mailroom, locked) as port:
        SmtpEmail(f"smtp://post%40council:p%40ss%3Aword@localhost:{port}?tls=starttls", "a@b.example").send(
            an_email()
        )
    assert mailroom.logins == [(b"post@council", b"p@ss:word")]
    assert len(mailroom.taken) == 1


def test_a_wrong_password_is_told_and_tried_again(locked, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(locked[1]))
    mailroom = Mailroom()
    with guarded(mailroom, locked) as port, pytest.raises(Unreachable, match="password"):
        SmtpEmail(f"smtp://post:wrong@localhost:{port}", "a@b.example").send(an_email())
    assert mailroom.taken == []


def test_encrypted_from_the_start(locked, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(locked[1]))
    mailroom = Mailroom()
    with running(mailroom, ssl_context=locked[0]) as port:
        SmtpEmail(f"smtp://localhost:{port}?tls=implicit", "a@b.example").send(an_email())
    assert len(mailroom.taken) == 1


def test_the_environment_says_where_and_from_whom(monkeypatch):
    mailroom = Mailroom()
    with running(mailroom) as port:
        monkeypatch.setenv("VESTRY_EMAIL_URL", f"smtp://127.0.0.1:{port}?tls=none")
        monkeypatch.setenv("VESTRY_EMAIL_FROM", "post@harrowmere.example")
        SmtpEmail().send(an_email())
    assert mailroom.taken[0].mail_from == "post@harrowmere.example"


def test_without_a_sender_it_comes_from_the_council_s_own_address():
    mailroom = Mailroom()
    with running(mailroom) as port:
        post(port, sender="")
    email, envelope = delivered(mailroom)
    assert envelope.mail_from == "hello@harrowmere.example"
    assert email["Reply-To"] is None


def test_without_any_sender_it_is_told():
    with pytest.raises(Unreachable, match="VESTRY_EMAIL_FROM"):
        post(free_port(), an_email(reply_to=""), sender="")


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example", Server(host="mail.example", port=587, tls="starttls")),
        ("smtp://mail.example?tls=implicit", Server(host="mail.example", port=465, tls="implicit")),
        ("smtp://mail.example?tls=none", Server(host="mail.example", port=25, tls="none")),
        (
            "smtp://a%40b:c%2Fd@mail.example:2525",
            Server(host="mail.example", port=2525, tls="starttls", user="a@b", password="c/d"),
        ),
    ],
)
def test_the_url_is_read(url, server):
    assert Server.read(url) == server
    assert "c/d" not in repr(server)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "smtp://[bad",
        "mail.example",
        "http://mail.example",
        "smtp://",
        "smtp://a:b",
        "smtp://a?tls=yes",
        "smtp://a?x=1",
    ],
)
def test_a_bad_url_is_told_with_a_good_one_and_no_password(url):
    with pytest.raises(BadEmailUrl, match=r"smtp://user:password@host:587\?tls=starttls"):
        Server.read(url)


def test_a_bad_url_is_told_when_something_is_sent():
    email = SmtpEmail("mail.example", "a@b.example")
    with pytest.raises(Unreachable, match="VESTRY_EMAIL_URL"):
        email.send(an_email())


@pytest.mark.parametrize("said", [{"sender": "not an address"}, {"message": an_email(reply_to="nobody")}])
def test_a_sender_that_is_no_address_is_told_and_not_the_resident_s_fault(said):
    with pytest.raises(Unreachable, match="come from"):
        post(free_port(), **said)
