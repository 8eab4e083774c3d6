"""Owns how choices become Telegram's keyboards, as JSON. Sends nothing.

Written as JSON at once: an object of the library for each button costs more than all else that is done for a message.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from handlers.messages import Choice, OutgoingMessage

#: An InlineKeyboardMarkup, a ReplyKeyboardMarkup or a ReplyKeyboardRemove of the Bot API.
Keyboard = Mapping[str, object]

#: Telegram: an inline keyboard holds 100 buttons, 8 in a row.
_MAX_BUTTONS: Final = 100
_MAX_IN_ROW: Final = 8


#: Labels up to these lengths stand side by side on a narrow phone.
_TINY: Final = 3
_SHORT: Final = 16
_ROW_LETTERS: Final = 40


def fits(message: OutgoingMessage) -> bool:
    """Whether the choices can be buttons; otherwise they are written as a numbered list."""
    buttons = (*message.choices, *message.controls)
    return len(buttons) <= _MAX_BUTTONS and all(each.fits for each in buttons)


def keyboard(message: OutgoingMessage, place_label: Callable[[], str]) -> Keyboard:
    """The keyboard below a message. Only for messages that fit; to private chats only."""
    if message.wants_place:
        return _asking_for_a_place(message, place_label())
    if not (message.choices or message.controls):
        # The keyboard that offered to share a place stays until it is taken away.
        return {"remove_keyboard": True}
    rows = [*_rows(message.choices), *_control_rows(message.controls)]
    return {"inline_keyboard": [[{"text": each.label, "callback_data": each.id} for each in row] for row in rows]}


def _asking_for_a_place(message: OutgoingMessage, place_label: str) -> Keyboard:
    """A tap on the first button sends the place, a tap on the others says their label: both find their way."""
    rows = [*_rows(message.choices), *_control_rows(message.controls)]
    return {
        "keyboard": [
            [{"text": place_label, "request_location": True}],
            *([{"text": each.label} for each in row] for row in rows),
        ],
        "resize_keyboard": True,
        "one_time_keyboard": True,
    }


def _rows(choices: Sequence[Choice]) -> list[list[Choice]]:
    """One a row, two where both labels are short, up to eight where all are tiny, such as marks from 1 to 5."""
    if choices and all(len(each.label) <= _TINY for each in choices):
        return [list(choices[at : at + _MAX_IN_ROW]) for at in range(0, len(choices), _MAX_IN_ROW)]
    rows: list[list[Choice]] = []
    for choice in choices:
        last = rows[-1] if rows else []
        if len(last) == 1 and len(last[0].label) <= _SHORT and len(choice.label) <= _SHORT:
            last.append(choice)
        else:
            rows.append([choice])
    return rows


def _control_rows(controls: Sequence[Choice]) -> list[list[Choice]]:
    """All in one row as long as it can be read."""
    rows: list[list[Choice]] = []
    for control in controls:
        letters = sum(len(each.label) for each in rows[-1]) if rows else 0
        if rows and len(rows[-1]) < _MAX_IN_ROW and letters + len(control.label) <= _ROW_LETTERS:
            rows[-1].append(control)
        else:
            rows.append([control])
    return rows
