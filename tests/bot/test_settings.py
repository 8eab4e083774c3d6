"""Settings: what the environment may say, and that every mistake is told at once with what to do."""

import subprocess
import sys
from pathlib import Path

import pytest

from bot.channels import CHANNELS
from bot.channels.telegram.settings import TelegramSettings
from bot.settings.reader import SettingsErrors
from bot.settings.settings import DOCUMENTED, Settings, documented, read
from tests.harness import ROOT

TWILIO = {
    "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
    "TWILIO_AUTH_TOKEN": "secret",
    "TWILIO_WHATSAPP_FROM": "+14155238886",
}
WEBHOOK = {
    "TELEGRAM_TOKEN": "123:ABC",
    "TELEGRAM_MODE": "webhook",
    "TELEGRAM_WEBHOOK_SECRET": "s",
    "PUBLIC_URL": "https://town.example",
}


def mistakes(**environ: str) -> tuple[str, ...]:
    with pytest.raises(SettingsErrors) as caught:
        read(environ)
    return caught.value.mistakes


def test_nothing_needs_to_be_set():
    """The counter opens with a web chat, on this machine, with the sample town."""
    settings = read({})
    assert settings.host == "127.0.0.1"
    assert settings.port == 8080
    assert settings.public_url == "http://127.0.0.1:8080"
    assert not settings.demo
    assert set(settings.channels) == {"webchat"}
    assert (settings.content_dir / "..").resolve().name == "faq"


def test_what_is_kept_lies_in_the_data_folder(tmp_path: Path):
    """Setting DATA_DIR alone moves the database and the attachments along."""
    settings = read({"DATA_DIR": str(tmp_path)})
    assert settings.database_url == f"sqlite:///{tmp_path}/ventanilla.db"
    assert settings.media_url == f"file://{tmp_path}/media"


def test_an_empty_value_counts_as_not_set():
    """A compose file may hand on variables that nobody filled in."""
    assert read({setting.name: "" for setting in DOCUMENTED}) == read({})


@pytest.mark.parametrize(
    ("name", "value", "field", "expected"),
    [
        ("PORT", "0", "port", 0),
        ("HOST", "::1", "public_url", "http://[::1]:8080"),
        ("HOST", "0.0.0.0", "public_url", "http://127.0.0.1:8080"),
        ("PUBLIC_URL", "https://town.example/chat-bot/", "public_url", "https://town.example/chat-bot"),
        ("DATABASE_URL", "postgres://u:p@h/d", "database_url", "postgresql://u:p@h/d"),
        ("DATABASE_URL", "postgresql://u@/d?host=/run/pg", "database_url", "postgresql://u@/d?host=/run/pg"),
        ("DATABASE_URL", "sqlite:////tmp/x.db", "database_url", "sqlite:////tmp/x.db"),
        ("MEDIA_URL", "s3://bucket/folder", "media_url", "s3://bucket/folder"),
        ("DEMO", "true", "demo", True),
    ],
)
def test_values_are_taken_as_meant(name: str, value: str, field: str, expected: object):
    assert getattr(read({name: value}), field) == expected


@pytest.mark.parametrize(("value", "is_on"), [("ON", True), ("1", True), ("off", False), ("No", False)])
def test_the_web_chat_can_be_switched_off(value: str, is_on: bool):
    """A town may answer on its vendors' channels alone."""
    assert ("webchat" in read({"WEBCHAT": value, "TELEGRAM_TOKEN": "123:ABC"}).channels) is is_on


def test_a_bot_is_taken_as_meant():
    """A server of the town's own may carry it."""
    bot = read({"TELEGRAM_TOKEN": "123:A-b_c", "TELEGRAM_API_URL": "http://127.0.0.1:9000/"}).channels["telegram"]
    assert bot.settings == TelegramSettings("123:A-b_c", api_url="http://127.0.0.1:9000")


@pytest.mark.parametrize("number", ["+14155238886", "whatsapp:+14155238886"])
def test_the_whatsapp_number_may_be_written_with_its_prefix(number: str):
    assert (
        read(TWILIO | {"TWILIO_WHATSAPP_FROM": number}).channels["whatsapp"].settings.number == "whatsapp:+14155238886"
    )


def test_a_messaging_service_can_send_instead_of_a_number():
    environ = TWILIO | {"TWILIO_WHATSAPP_FROM": "", "TWILIO_MESSAGING_SERVICE_SID": "MG" + "1" * 32}
    assert read(environ).channels["whatsapp"].settings.twilio.service == "MG" + "1" * 32


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("PORT", "eighty", "from 0 to 65535"),
        ("PORT", "65536", "from 0 to 65535"),
        ("PORT", "-1", "from 0 to 65535"),
        ("PUBLIC_URL", "town.example", "must be an address like https://"),
        ("PUBLIC_URL", "https://town.example/?a=1", "without ? or #"),
        ("DATABASE_URL", "mysql://x", "sqlite:///path/to/file.db or postgresql://"),
        ("DATABASE_URL", "sqlite://", "sqlite:///path/to/file.db"),
        ("CONTENT_DIR", "/no/such/folder", "must be a folder that exists"),
        ("MEDIA_URL", "/folder", "file:///folder or s3://"),
        ("TELEGRAM_TOKEN", "ABC", "@BotFather"),
        ("TELEGRAM_API_URL", "localhost:80", "must be an address"),
        ("TELEGRAM_MODE", "push", "polling or webhook"),
        ("TELEGRAM_WEBHOOK_SECRET", "not allowed!", "A-Z a-z 0-9 _ -"),
        ("TWILIO_API_URL", "ftp://x", "must be an address"),
        ("WEBCHAT", "maybe", "on or off"),
        ("DEMO", "2", "on or off"),
    ],
)
def test_a_wrong_value_is_told_with_what_to_do(name: str, value: str, says: str):
    (mistake,) = mistakes(**{name: value})
    assert mistake.startswith(name)
    assert says in mistake


@pytest.mark.parametrize(
    ("name", "value"),
    [("TWILIO_ACCOUNT_SID", "AC1"), ("TWILIO_WHATSAPP_FROM", "4155238886"), ("TWILIO_MESSAGING_SERVICE_SID", "SM1")],
)
def test_wrong_twilio_values_are_told(name: str, value: str):
    assert mistakes(**(TWILIO | {name: value}))[0].startswith(name)


@pytest.mark.parametrize("missing", sorted(TWILIO))
def test_whatsapp_needs_its_three_settings(missing: str):
    (mistake,) = mistakes(**(TWILIO | {missing: ""}))
    assert mistake.startswith(f"{missing} is missing")


@pytest.mark.parametrize(
    ("missing", "says"),
    [
        ("TELEGRAM_WEBHOOK_SECRET", "TELEGRAM_WEBHOOK_SECRET is missing"),
        ("PUBLIC_URL", "PUBLIC_URL must begin with https://"),
    ],
)
def test_webhook_mode_needs_a_secret_and_an_address(missing: str, says: str):
    (mistake,) = mistakes(**(WEBHOOK | {missing: ""}))
    assert mistake.startswith(says)


def test_telegram_calls_https_only_but_ones_own_server_may_not():
    """The cloud refuses plain HTTP; a Bot API server in the house does not."""
    plain = WEBHOOK | {"PUBLIC_URL": "http://10.0.0.5:8080"}
    (mistake,) = mistakes(**plain)
    assert "https://" in mistake
    for address in ("http://10.0.0.5:8080", ""):
        own = plain | {"TELEGRAM_API_URL": "http://10.0.0.6:8081", "PUBLIC_URL": address}
        assert read(own).channels["telegram"].settings.is_webhook


@pytest.mark.parametrize("vendor", [{"TELEGRAM_TOKEN": "123:ABC"}, TWILIO], ids=["telegram", "twilio"])
def test_the_demo_refuses_to_run_beside_real_channels(vendor: dict[str, str]):
    """It would hand an official's phone to any visitor."""
    (mistake,) = mistakes(DEMO="on", **vendor)
    assert "DEMO=off" in mistake


def test_the_demo_needs_the_web_chat():
    assert any("WEBCHAT=on" in mistake for mistake in mistakes(DEMO="on", WEBCHAT="off", TELEGRAM_TOKEN="1:A"))


def test_a_counter_without_any_channel_is_a_mistake():
    (mistake,) = mistakes(WEBCHAT="off")
    assert "no other channel" in mistake


def test_all_mistakes_are_told_at_once():
    """Nobody likes to start five times to read five mistakes."""
    told = mistakes(PORT="x", DATABASE_URL="x", TELEGRAM_MODE="x", WEBCHAT="x", TWILIO_AUTH_TOKEN="x")
    assert [mistake.split()[0] for mistake in told] == [
        "PORT",
        "DATABASE_URL",
        "TELEGRAM_MODE",
        "WEBCHAT",
        "TWILIO_ACCOUNT_SID",
        "TWILIO_WHATSAPP_FROM",
    ]


def test_secrets_do_not_show_when_settings_are_printed():
    """A traceback or a debugging line must not give a token away."""
    printed = repr(read(TWILIO | WEBHOOK | {"DATABASE_URL": "postgresql://u:pass@h/d"}))
    for secret in ("123:ABC", "secret", "pass@", "AC000"):
        assert secret not in printed


def test_every_field_of_the_house_is_documented():
    """What no channel documents, the house has a field for, and the other way round."""
    of_channels = {setting.name for kind in CHANNELS for setting in kind.documented}
    own = {setting.name.lower() for setting in DOCUMENTED if setting.name not in of_channels}
    assert own | {"channels"} == set(Settings.__dataclass_fields__)


def test_no_setting_is_documented_twice():
    """Two channels through one vendor share that vendor's account."""
    names = [setting.name for setting in documented((*CHANNELS, *CHANNELS))]
    assert len(names) == len(set(names)) == len(DOCUMENTED)


def test_settings_are_read_without_any_vendors_library():
    """Mistakes are told fast, and a town without Telegram does not load it."""
    environ = TWILIO | WEBHOOK
    program = (
        "import sys; from bot.settings import settings; "
        f"print(sorted(settings.read({environ}).channels)); "
        "print({'telegram', 'twilio', 'starlette', 'aiohttp', 'sqlalchemy', 'numpy'} & set(sys.modules))"
    )
    shown = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert shown.stdout.splitlines() == ["['telegram', 'webchat', 'whatsapp']", "set()"]


@pytest.mark.parametrize(
    "value",
    [
        "https://town.example//evil.example",
        "https://town.example/a b",
        "https://town.example/..",
        'https://town.example/"x',
    ],
)
def test_the_path_of_the_public_address_is_plain(value: str):
    """It stands before every link of every page."""
    assert "PUBLIC_URL may have a path of letters" in mistakes(PUBLIC_URL=value)[0]


@pytest.mark.parametrize("path", ["/chat", "/static/x", "/hooks"])
def test_the_path_of_the_public_address_is_no_route_of_ours(path: str):
    """Nobody could tell whether a proxy has taken it off."""
    assert "is a route of this server" in mistakes(PUBLIC_URL=f"https://town.example{path}")[0]


@pytest.mark.parametrize("value", ["localhost", "172.28.0.1/16", "127.0.0.1;::1", "10.0.0.0/33"])
def test_proxies_are_addresses_or_networks(value: str):
    """A name, or half a network, would be believed by nobody, and nobody would notice."""
    assert "FORWARDED_ALLOW_IPS must be addresses or networks" in mistakes(FORWARDED_ALLOW_IPS=value)[0]


@pytest.mark.parametrize("value", ["*", "127.0.0.1", "172.28.133.0/24, ::1"])
def test_proxies_are_taken_as_meant(value: str):
    assert read({"FORWARDED_ALLOW_IPS": value}).forwarded_allow_ips == value


@pytest.mark.parametrize(
    "environ",
    [
        {"PUBLIC_URL": "https://town.example"},
        {"HOST": "0.0.0.0"},
        {"HOST": "::"},
        {"HOST": "192.168.1.5"},
        {"PUBLIC_URL": "http://192.168.1.5:8080"},
        {"PUBLIC_URL": "http://localhost.evil.example"},
        {"HOST": "127.0.0.1", "PUBLIC_URL": "https://town.example"},
        # A proxy of this machine that the world reaches is seen by its name.
        {"HOST": "::1", "PUBLIC_URL": "https://[2001:db8::1]"},
    ],
)
def test_a_demo_that_others_can_reach_is_refused(environ: dict[str, str]):
    """Anybody would become an official; who means that says it twice."""
    told = mistakes(DEMO="on", **environ)
    assert len(told) == 1
    assert "DEMO_IN_PUBLIC=on" in told[0]
    assert read({"DEMO": "on", "DEMO_IN_PUBLIC": "on", **environ}).demo
    assert not read({"DEMO": "off", **environ}).demo


@pytest.mark.parametrize(
    "environ",
    [
        {},
        {"HOST": "127.0.0.1"},
        {"HOST": "127.0.0.2"},
        {"HOST": "::1"},
        {"HOST": "localhost", "PUBLIC_URL": "http://localhost:9000"},
        {"PUBLIC_URL": "http://[::1]:8080"},
    ],
)
def test_a_demo_on_ones_own_machine_needs_nothing_else(environ: dict[str, str]):
    assert read({"DEMO": "on", **environ}).demo
