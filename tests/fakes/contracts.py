"""Holds requests to the vendors' published contracts, so that our fakes and our code cannot agree on a mistake.

The contracts lie beside the repository, at ../shared/contracts; without them nothing is checked and the tests of the
contracts themselves are skipped with a notice.
"""

import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "contracts"
TELEGRAM = FOLDER / "telegram-bot-api.json"
TWILIO = FOLDER / "twilio-messages.openapi.json"

NOTICE = f"the vendors' contracts are not at {FOLDER.parent.name}/{FOLDER.name} beside the repository: not checked"


def are_here() -> bool:
    """Whether the contracts can be checked."""
    return TELEGRAM.is_file() and TWILIO.is_file()


@cache
def telegram() -> "TelegramContract | None":
    """Telegram's contract; None where it is not at hand."""
    return TelegramContract(json.loads(TELEGRAM.read_text())) if TELEGRAM.is_file() else None


@cache
def twilio() -> "TwilioContract | None":
    """Twilio's contract; None where it is not at hand."""
    return TwilioContract(json.loads(TWILIO.read_text())) if TWILIO.is_file() else None


class TelegramContract:
    """The Bot API as data: methods and types with their fields."""

    def __init__(self, spec: Mapping[str, Any]) -> None:
        self.methods: Mapping[str, Any] = spec["methods"]
        self.types: Mapping[str, Any] = spec["types"]

    def call_problems(self, method: str, params: Mapping[str, str], files: Sequence[str] = ()) -> list[str]:
        """What is wrong with a call: `params` as they came in the form, `files` the names of uploads."""
        known = self.methods.get(method)
        if known is None:
            return [f"{method}: no such method"]
        fields = {field["name"]: field for field in known.get("fields", ())}
        problems = [f"{method}: unknown parameter {name}" for name in (*params, *files) if name not in fields]
        for name, field in fields.items():
            if name in params:
                problems += self._any(params[name], field["types"], f"{method}.{name}", is_form=True)
            elif name in files:
                if "InputFile" not in field["types"]:
                    problems.append(f"{method}.{name}: takes no file")
            elif field["required"]:
                problems.append(f"{method}: {name} is missing")
        return problems

    def value_problems(self, value: object, type_name: str, path: str) -> list[str]:
        """What is wrong with a JSON value of a type, such as an update of our own making."""
        return self._one(value, type_name, path)

    def _any(self, value: object, types: Sequence[str], path: str, *, is_form: bool = False) -> list[str]:
        findings = [self._one(_from_form(value, each) if is_form else value, each, path) for each in types]
        return [] if any(not finding for finding in findings) else min(findings, key=len)

    def _one(self, value: object, type_name: str, path: str) -> list[str]:
        if type_name.startswith("Array of "):
            if not isinstance(value, list):
                return [f"{path}: not a list"]
            inner = type_name.removeprefix("Array of ")
            return [each for at, item in enumerate(value) for each in self._one(item, inner, f"{path}[{at}]")]
        if type_name in _PLAIN:
            return [] if _PLAIN[type_name](value) else [f"{path}: not {type_name}"]
        known = self.types[type_name]
        if known.get("subtypes"):
            return self._any(value, known["subtypes"], path)
        if not isinstance(value, dict):
            return [f"{path}: not {type_name}"]
        return self._fields(value, known.get("fields", ()), path)

    def _fields(self, value: Mapping[str, object], fields: Sequence[Mapping[str, Any]], path: str) -> list[str]:
        known = {field["name"]: field for field in fields}
        problems = [f"{path}: unknown field {name}" for name in value if name not in known]
        problems += [
            f"{path}: {name} is missing" for name, field in known.items() if field["required"] and name not in value
        ]
        for name in value.keys() & known.keys():
            problems += self._any(value[name], known[name]["types"], f"{path}.{name}")
        return problems


class TwilioContract:
    """Twilio's OpenAPI document: the message resource."""

    MESSAGES = "/2010-04-01/Accounts/{AccountSid}/Messages.json"

    def __init__(self, spec: Mapping[str, Any]) -> None:
        self._schemas = spec["components"]["schemas"]
        post = spec["paths"][self.MESSAGES]["post"]
        self._form = self._resolve(post["requestBody"]["content"]["application/x-www-form-urlencoded"]["schema"])
        self._listed = spec["paths"][self.MESSAGES]["get"]["parameters"]
        self._account = next(each for each in post["parameters"] if each["name"] == "AccountSid")["schema"]
        self._message = self._resolve(post["responses"]["201"]["content"]["application/json"]["schema"])

    def create_problems(self, account: str, pairs: Sequence[tuple[str, str]]) -> list[str]:
        """What is wrong with a request to create a message, as its form came."""
        problems = self._check(account, self._account, "AccountSid")
        properties = self._form["properties"]
        values: dict[str, list[str]] = {}
        for name, value in pairs:
            values.setdefault(name, []).append(value)
        problems += [f"unknown parameter {name}" for name in values if name not in properties]
        problems += [f"{name} is missing" for name in self._form.get("required", ()) if name not in values]
        for name in values.keys() & properties.keys():
            problems += self._form_value(values[name], properties[name], name)
        return problems

    def list_problems(self, account: str, pairs: Sequence[tuple[str, str]]) -> list[str]:
        """What is wrong with a request for the list of messages, as its query came."""
        problems = self._check(account, self._account, "AccountSid")
        known = {each["name"]: each["schema"] for each in self._listed if each["in"] == "query"}
        problems += [f"unknown parameter {name}" for name, _ in pairs if name not in known]
        for name, value in pairs:
            if name in known:
                wanted: Any = int(value) if known[name].get("type") == "integer" and value.isdecimal() else value
                problems += self._check(wanted, known[name], name)
        return problems

    def message_problems(self, message: Mapping[str, object]) -> list[str]:
        """What is wrong with a message resource as our fake answers it."""
        known = self._message["properties"]
        problems = [f"unknown field {name}" for name in message if name not in known]
        for name in message.keys() & known.keys():
            problems += self._check(message[name], known[name], name)
        return problems

    def _form_value(self, values: Sequence[str], schema: Mapping[str, Any], name: str) -> list[str]:
        schema = self._resolve(schema)
        if schema.get("type") == "array":
            return [each for value in values for each in self._check(value, schema["items"], name)]
        if len(values) > 1:
            return [f"{name} is given {len(values)} times"]
        return self._check(_from_text(values[0], schema.get("type")), schema, name)

    def _check(self, value: object, schema: Mapping[str, Any], name: str) -> list[str]:
        schema = self._resolve(schema)
        if value is None:
            return [] if schema.get("nullable") else [f"{name} is null"]
        kind = schema.get("type")
        if kind and not _JSON_TYPES[kind](value):
            return [f"{name} is not a {kind}"]
        problems = []
        if isinstance(value, str):
            pattern = schema.get("pattern")
            if pattern and not re.search(pattern, value):
                problems.append(f"{name} does not match {pattern}")
            if not schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", len(value)):
                problems.append(f"{name} has the wrong length")
        if "enum" in schema and value not in schema["enum"]:
            problems.append(f"{name} is none of {schema['enum']}")
        return problems

    def _resolve(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        while "$ref" in schema:
            schema = self._schemas[schema["$ref"].rpartition("/")[2]]
        return schema


def _is_integer(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


_PLAIN = {
    "Integer": _is_integer,
    "Float": _is_number,
    "String": lambda value: isinstance(value, str),
    "Boolean": lambda value: isinstance(value, bool),
    "True": lambda value: value is True,
    # A file that is already at Telegram, or a link to one.
    "InputFile": lambda value: isinstance(value, str),
}

_JSON_TYPES = {
    "string": lambda value: isinstance(value, str),
    "integer": _is_integer,
    "number": _is_number,
    "boolean": lambda value: isinstance(value, bool),
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
}


def _from_form(value: object, type_name: str) -> object:
    """A form's text as the type it stands for; all but text is JSON."""
    if type_name in {"String", "InputFile"} or not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def _from_text(value: str, kind: str | None) -> object:
    if kind in {"integer", "number", "boolean"}:
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value
