"""The bot that tutorials teach: library handlers, conversation state in memory, the ORM over the async driver.

It does the same job as ours for the bench: every message is stored, the report becomes a ticket, each step is answered.
"""

import asyncio
import sys
from datetime import UTC, datetime

import uvicorn
from sqlalchemy import ForeignKey, String, select
from sqlalchemy.ext.asyncio import AsyncAttrs, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from telegram import Update
from telegram.ext import Application, CommandHandler, ContextTypes, ConversationHandler, MessageHandler, filters

from tests.bench.driver import SECRET, TOKEN

PLACE, STORY, PHOTO, CONFIRM = range(4)


class Base(AsyncAttrs, DeclarativeBase):
    """Tables."""


class User(Base):
    """A resident."""

    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    chat_id: Mapped[int] = mapped_column(unique=True)


class Message(Base):
    """What was received."""

    __tablename__ = "messages"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    text: Mapped[str] = mapped_column(String)
    created_at: Mapped[datetime]


class Ticket(Base):
    """A report."""

    __tablename__ = "tickets"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    kind: Mapped[str]
    place: Mapped[str]
    story: Mapped[str]
    status: Mapped[str] = mapped_column(default="new", index=True)
    created_at: Mapped[datetime]


def main(port: int, api_port: int, database: str) -> None:
    """Serve until ended."""
    engine = create_async_engine(f"sqlite+aiosqlite:///{database}")
    session_of = async_sessionmaker(engine, expire_on_commit=False)

    async def remember(update: Update) -> User:
        assert update.effective_chat and update.effective_message
        async with session_of() as session:
            found = await session.execute(select(User).where(User.chat_id == update.effective_chat.id))
            user = found.scalar_one_or_none()
            if user is None:
                user = User(chat_id=update.effective_chat.id)
                session.add(user)
                await session.flush()
            session.add(
                Message(user_id=user.id, text=update.effective_message.text or "", created_at=datetime.now(UTC))
            )
            await session.commit()
            return user

    async def say(update: Update, text: str) -> None:
        assert update.effective_message
        await update.effective_message.reply_text(text)

    async def begin(update: Update, context: ContextTypes.DEFAULT_TYPE) -> int:
        await remember(update)
        context.user_data["kind"] = (context.args or ["?"])[0]  # type: ignore[index]
        await say(update, "¿Dónde es?")
        return PLACE

    async def place(update: Update, context: ContextTypes.DEFAULT_TYPE) -> int:
        await remember(update)
        context.user_data["place"] = update.effective_message.text  # type: ignore[index,union-attr]
        await say(update, "Cuéntame qué pasa")
        return STORY

    async def story(update: Update, context: ContextTypes.DEFAULT_TYPE) -> int:
        await remember(update)
        context.user_data["story"] = update.effective_message.text  # type: ignore[index,union-attr]
        await say(update, "¿Tienes fotos?")
        return PHOTO

    async def photo(update: Update, context: ContextTypes.DEFAULT_TYPE) -> int:
        await remember(update)
        await say(update, "¿Lo mando? {kind} {place} {story}".format(**context.user_data))  # type: ignore[arg-type]
        return CONFIRM

    async def confirm(update: Update, context: ContextTypes.DEFAULT_TYPE) -> int:
        user = await remember(update)
        async with session_of() as session:
            ticket = Ticket(user_id=user.id, created_at=datetime.now(UTC), **context.user_data)  # type: ignore[arg-type]
            session.add(ticket)
            await session.commit()
        await say(update, f"Tu folio es {ticket.id}")
        return ConversationHandler.END

    words = filters.TEXT & ~filters.COMMAND
    application = Application.builder().token(TOKEN).base_url(f"http://127.0.0.1:{api_port}/bot").updater(None).build()
    application.add_handler(
        ConversationHandler(
            entry_points=[CommandHandler("reportar", begin)],
            states={
                PLACE: [MessageHandler(words, place)],
                STORY: [MessageHandler(words, story)],
                PHOTO: [MessageHandler(words, photo)],
                CONFIRM: [MessageHandler(words, confirm)],
            },
            fallbacks=[CommandHandler("reportar", begin)],
            allow_reentry=True,
        )
    )

    async def hook(request: Request) -> Response:
        if request.headers.get("X-Telegram-Bot-Api-Secret-Token") != SECRET:
            return Response(status_code=403)
        await application.update_queue.put(Update.de_json(await request.json(), application.bot))
        return Response()

    async def serve() -> None:
        async with engine.begin() as connection:
            await connection.exec_driver_sql("PRAGMA journal_mode=WAL")
            await connection.run_sync(Base.metadata.create_all)
        app = Starlette(
            routes=[Route("/hooks/telegram", hook, methods=["POST"]), Route("/readyz", lambda _: Response())]
        )
        config = uvicorn.Config(app, host="127.0.0.1", port=port, log_config=None, access_log=False)
        async with application:
            await application.start()
            await uvicorn.Server(config).serve()
            await application.stop()

    asyncio.run(serve())


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
