"""The command line, as somebody at the town hall uses it."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from bot.cli.main import main
from bot.settings import settings
from handlers.desk.invitation import hash_of
from handlers.messages import Address
from storage.engine import open_store
from tests.harness import ROOT, MovableClock, command_environment


@pytest.fixture
def at_home(content: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An environment that keeps everything in one folder, with the sample town."""
    for setting in settings.DOCUMENTED:
        monkeypatch.delenv(setting.name, raising=False)
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("CONTENT_DIR", str(content))
    return tmp_path


def run(*arguments: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    code = main(arguments)
    out, err = capsys.readouterr()
    return code, out, err


def test_without_a_command_it_explains_itself(capsys: pytest.CaptureFixture[str]):
    code, out, _ = run(capsys=capsys)
    assert code == 0
    for word in ("serve", "migrate", "staff", "faq", "backup", "restore", "docs/settings.md"):
        assert word in out


@pytest.mark.parametrize("command", ["staff", "faq"])
def test_half_a_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]):
    code, out, _ = run(command, capsys=capsys)
    assert code == 0
    assert f"ventanilla {command}" in out


@pytest.mark.parametrize(
    "arguments",
    [["nonsense"], ["staff", "invite"], ["staff", "invite", "--role", "king"], ["faq", "check", "/no/such"]],
)
def test_wrong_arguments_end_with_2(arguments: list[str], capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert "usage" in capsys.readouterr().err


def test_python_m_bot_is_the_same(tmp_path: Path):
    shown = subprocess.run(
        [sys.executable, "-m", "bot", "--help"],
        cwd=ROOT, env=command_environment(tmp_path), capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "Ventanilla" in shown.stdout


def test_migrate_can_be_run_twice(at_home: Path, capsys: pytest.CaptureFixture[str]):
    for _ in range(2):
        assert run("migrate", capsys=capsys) == (0, "The database is up to date.\n", "")
    assert (at_home / "var" / "ventanilla.db").exists()


def test_wrong_settings_are_told_together(
    at_home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("PORT", "x")
    monkeypatch.setenv("WEBCHAT", "x")
    code, _, err = run("migrate", capsys=capsys)
    assert code == 2
    assert "PORT must be" in err
    assert "WEBCHAT must be" in err


@pytest.mark.parametrize(
    ("name", "value"),
    [("DATABASE_URL", "sqlite:///:memory:"), ("DATA_DIR", "/dev/null/x"), ("DATABASE_URL", "postgresql://h:x/d")],
)
def test_settings_that_cannot_be_opened_are_told(
    at_home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str, value: str
):
    monkeypatch.setenv(name, value)
    code, _, err = run("migrate", capsys=capsys)
    assert code == 2
    assert name in err


def test_a_database_that_is_away_is_told(
    at_home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody:s3cret@127.0.0.1:1/none")
    code, out, err = run("staff", "list", capsys=capsys)
    assert code == 1
    assert "DATABASE_URL" in err
    assert "s3cret" not in out + err


def test_an_invitation_is_made_used_listed_and_its_role_revoked(
    at_home: Path, content: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    """The whole life of an official's role, from the command line."""
    monkeypatch.setenv("PUBLIC_URL", "https://town.example")
    code, out, _ = run("staff", "list", capsys=capsys)
    assert (code, "Nobody has a role yet" in out) == (0, True)

    code, out, _ = run("staff", "invite", "--role", "administrator", "--name", "Rosa Elena", capsys=capsys)
    assert code == 0
    match = re.search(r"Code\s+([0-9A-Z]{5}-[0-9A-Z]{5})", out)
    assert match is not None
    assert f"https://town.example/chat?invite={match[1].replace('-', '')}" in out

    store = open_store(f"sqlite:///{at_home}/var/ventanilla.db")
    with store.transaction() as transaction:
        unit, now = transaction.unit, MovableClock().now()
        person = unit.people.arrive(Address("webchat", "rosa"), language="es", now=now).person_id
        assert unit.invitations.accept(hash_of(match[1].lower()), person, now) is not None
        assert unit.invitations.accept(hash_of(match[1]), person, now) is None
    store.close()

    code, out, _ = run("staff", "list", capsys=capsys)
    assert f"{person}  administrator" in out
    assert "Rosa Elena" in out
    assert run("staff", "revoke", str(person), capsys=capsys)[0] == 0
    code, _, err = run("staff", "revoke", str(person), capsys=capsys)
    assert (code, "staff list" in err) == (1, True)


def test_an_invitation_names_a_department_that_exists(at_home: Path, capsys: pytest.CaptureFixture[str]):
    code, _, err = run("staff", "invite", "--role", "agent", "--department", "nowhere", "--name", "x", capsys=capsys)
    assert code == 2
    assert "There are:" in err


def test_links_for_every_channel(at_home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    """Where Telegram does not tell the bot's name, the code is enough."""
    for name, value in {
        "TELEGRAM_TOKEN": "123:ABC",
        "TELEGRAM_API_URL": "http://127.0.0.1:1",
        "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
        "TWILIO_AUTH_TOKEN": "x",
        "TWILIO_WHATSAPP_FROM": "+14155238886",
    }.items():
        monkeypatch.setenv(name, value)
    code, out, _ = run("staff", "invite", "--role", "agent", "--name", "x", "--days", "2", capsys=capsys)
    assert code == 0
    assert "Good for 2 days" in out
    assert "https://wa.me/14155238886?text=" in out
    assert "Telegram  could not be reached" in out


def test_faq_check_tells_every_mistake_with_its_line(
    at_home: Path, content: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    sound = run("faq", "check", str(content), capsys=capsys)
    assert sound[0] == 0
    assert "0 mistakes" in sound[1]

    broken = tmp_path / "broken"
    broken.mkdir()
    code, out, _ = run("faq", "check", str(broken), capsys=capsys)
    assert code == 1
    assert re.search(r"^city\.yaml:\d+: ", out, re.MULTILINE)
