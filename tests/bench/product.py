"""Our product for the bench: the real one, all of it, but without the pauses that spare Telegram's rate limits."""

import math
import os
import sys
from dataclasses import replace

from bot import logs
from bot.app import Life, Server, build_app, listen
from bot.compose import build
from bot.settings import settings
from tests.bench.driver import SECRET, TOKEN


def main(port: int, api_port: int, data_dir: str, database_url: str) -> None:
    """Serve until ended."""
    environment = {
        "PORT": str(port),
        "DATA_DIR": data_dir,
        "DATABASE_URL": database_url,
        "TELEGRAM_TOKEN": TOKEN,
        "TELEGRAM_API_URL": f"http://127.0.0.1:{api_port}",
        "TELEGRAM_MODE": "webhook",
        "TELEGRAM_WEBHOOK_SECRET": SECRET,
        "WEBCHAT": "off",
    }
    wanted = settings.read({**os.environ, **environment})
    logs.set_up()
    door = listen(wanted.host, wanted.port)
    services = build(wanted)
    for channel in services.channels.values():
        channel.features = replace(channel.features, per_chat_rate=math.inf, overall_rate=math.inf)
    life = Life(services)
    Server(build_app(services, life), services, life).run(sockets=[door])


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4])
