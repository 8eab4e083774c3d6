"""Owns the opening of what the settings name: folder, database, store of attachments. Reaches none of them yet."""

from bot.attachments.store import FileStore
from bot.settings.reader import SettingsErrors
from bot.settings.settings import Settings
from storage.engine import Store, open_store


def open_database(settings: Settings) -> Store:
    """The database; nothing is connected yet. Raises SettingsErrors."""
    _make_data_dir(settings)
    try:
        return open_store(settings.database_url)
    except ValueError as error:
        raise SettingsErrors((str(error),)) from error


def open_files(settings: Settings) -> FileStore:
    """The store of attachments. Raises SettingsErrors."""
    try:
        return FileStore(settings.media_url)
    except ImportError as error:
        raise SettingsErrors(("MEDIA_URL needs one more package for s3:// - pip install 'ventanilla[s3]'",)) from error


def _make_data_dir(settings: Settings) -> None:
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        mistake = f"DATA_DIR cannot be made ({error.strerror}): set it to a folder that you may write to"
        raise SettingsErrors((mistake,)) from error
