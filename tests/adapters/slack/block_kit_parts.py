"""What Slack refuses of texts, buttons and fields: the smaller half of `block_kit`, with numbers of its own."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

Problems = Iterator[str]
URL = re.compile(r"https?://[^\s<>]+", re.IGNORECASE)
CALLS = re.compile(r"<[!@#]")
# Slack's own words, in slackapi/python-slack-sdk issue 1521.
FILE = re.compile(r"F[A-Z0-9]{8,}")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def length(text: str) -> int:
    """UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def check_keys(found: Mapping[str, Any], allowed: set[str], at: str) -> Problems:
    yield from (f"{at}: unknown property {key!r}" for key in sorted(set(found) - allowed))


def check_count(found: Any, at: str, least: int, most: int) -> Problems:
    if not isinstance(found, list) or not least <= len(found) <= most:
        yield f"{at}: {least} to {most} of them"


def check_string(text: Any, at: str, longest: int, *, blank: bool = False, empty: bool = False) -> Problems:
    """A string that is there; `blank` may be white space, `empty` may be nothing."""
    if not isinstance(text, str):
        yield f"{at}: must be a text"
        return
    if not (empty or (text if blank else text.strip())):
        yield f"{at}: empty"
    if length(text) > longest:
        yield f"{at}: {length(text)} characters, at most {longest}"
    if re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]", text):
        yield f"{at}: characters that no text has"


def check_address(url: Any, at: str) -> Problems:
    if not isinstance(url, str) or not URL.fullmatch(url) or length(url) > 3_000:
        yield f"{at}: no address: {url!r}"


@dataclass(frozen=True)
class Rule:
    """What belongs to a type, where it may stand, and what else is looked at."""

    keys: set[str]
    check: Callable[[Any, Mapping[str, Any], str], Problems]
    surfaces: tuple[str, ...] = ("message", "modal", "home")


@dataclass
class Elements:
    """Judges what stands in blocks, and remembers the ids, which must not come twice."""

    surface: str
    block_ids: list[str] = field(default_factory=list)
    action_ids: list[str] = field(default_factory=list)

    def text(self, text: Any, at: str, longest: int, kinds: tuple[str, ...] = ("plain_text", "mrkdwn")) -> Problems:
        """A text object."""
        if not isinstance(text, Mapping) or text.get("type") not in kinds:
            yield f"{at}: must be a text object of {' or '.join(kinds)}"
            return
        plain = text["type"] == "plain_text"
        yield from check_keys(text, {"type", "text", "emoji"} if plain else {"type", "text", "verbatim"}, at)
        yield from check_string(text.get("text"), f"{at}/text", longest)
        if isinstance(text.get("text"), str) and CALLS.search(text["text"]):
            yield f"{at}/text: calls people"

    def element(self, element: Any, at: str, allowed: set[str]) -> Problems:
        """A button, a field or a picture."""
        kind = element.get("type") if isinstance(element, Mapping) else None
        if kind not in allowed:
            yield f"{at}: no element of type {kind!r} here"
            return
        rule = ELEMENTS[kind]
        yield from check_keys(element, rule.keys | {"type", "action_id", "confirm", "focus_on_load"}, at)
        if kind != "image":
            if "action_id" in element:
                yield from check_string(element["action_id"], f"{at}/action_id", 255)
                self.action_ids.append(element["action_id"])
            if kind in INPUTS and "placeholder" in element:
                yield from self.text(element["placeholder"], f"{at}/placeholder", 150, ("plain_text",))
        yield from rule.check(self, element, at)

    def image(self, image: Mapping[str, Any], at: str) -> Problems:
        """A picture, as a block or in one."""
        yield from check_string(image.get("alt_text"), f"{at}/alt_text", 2_000)
        if ("image_url" in image) == ("slack_file" in image):
            yield f"{at}: either image_url or slack_file"
        if "image_url" in image:
            yield from check_address(image["image_url"], f"{at}/image_url")
        if "slack_file" in image:
            yield from self.file(image["slack_file"], f"{at}/slack_file")
        if "title" in image:
            yield from self.text(image["title"], f"{at}/title", 2_000, ("plain_text",))

    def file(self, file: Mapping[str, Any], at: str) -> Problems:
        """A file that Slack holds: by its id or by its address, not by both."""
        yield from check_keys(file, {"id", "url"}, at)
        if len(file) != 1:
            yield f"{at}: either id or url"
        if "id" in file and not FILE.fullmatch(str(file["id"])):
            yield f"{at}/id: input must match regex pattern: {FILE.pattern}"

    def button(self, element: Mapping[str, Any], at: str) -> Problems:
        """A button."""
        yield from self.text(element.get("text"), f"{at}/text", 75, ("plain_text",))
        if "value" in element:
            yield from check_string(element["value"], f"{at}/value", 2_000)
        if "url" in element:
            yield from check_address(element["url"], f"{at}/url")
        if "value" not in element and "url" not in element:
            yield f"{at}: a button of ours says something or leads somewhere"
        if element.get("style", "primary") not in ("primary", "danger"):
            yield f"{at}/style: primary or danger"

    def text_input(self, element: Mapping[str, Any], at: str) -> Problems:
        """A field for text."""
        longest = element.get("max_length", 3_000)
        if not 1 <= longest <= 3_000 or not 0 <= element.get("min_length", 0) <= longest:
            yield f"{at}: min_length and max_length within 3000"
        if "initial_value" in element:
            yield from check_string(element["initial_value"], f"{at}/initial_value", longest, blank=True)

    def date_picker(self, element: Mapping[str, Any], at: str) -> Problems:
        """A field for a day."""
        if not DAY.fullmatch(element.get("initial_date", "2027-01-01")):
            yield f"{at}/initial_date: YYYY-MM-DD"

    def boxes(self, element: Mapping[str, Any], at: str) -> Problems:
        """Check boxes and radio buttons."""
        yield from self.options(element.get("options"), f"{at}/options", 10)
        yield from self.initial(element, element.get("options") or [], at)

    def select(self, element: Mapping[str, Any], at: str) -> Problems:
        """A list to choose from."""
        if ("options" in element) == ("option_groups" in element):
            yield f"{at}: either options or option_groups"
            return
        if "options" in element:
            yield from self.options(element["options"], f"{at}/options", 100)
            yield from self.initial(element, element["options"], at)
            return
        groups = element["option_groups"]
        yield from check_count(groups, f"{at}/option_groups", 1, 100)
        for place, group in enumerate(groups):
            yield from self.text(group.get("label"), f"{at}/option_groups/{place}/label", 75, ("plain_text",))
            yield from self.options(group.get("options"), f"{at}/option_groups/{place}/options", 100)
        yield from self.initial(element, [one for group in groups for one in group["options"]], at)

    def options(self, options: Any, at: str, most: int) -> Problems:
        """The options of a list."""
        yield from check_count(options, at, 1, most)
        values = [one.get("value") for one in options or ()]
        if len(set(values)) != len(values):
            yield f"{at}: a value twice"
        for place, one in enumerate(options or ()):
            yield from check_keys(one, {"text", "value", "description", "url"}, f"{at}/{place}")
            yield from self.text(one.get("text"), f"{at}/{place}/text", 75)
            yield from check_string(one.get("value"), f"{at}/{place}/value", 150)
            if "description" in one:
                yield from self.text(one["description"], f"{at}/{place}/description", 75)

    def initial(self, element: Mapping[str, Any], options: list[Any], at: str) -> Problems:
        """What is chosen beforehand must be one of the options, whole."""
        chosen = [element["initial_option"]] if "initial_option" in element else element.get("initial_options")
        if chosen is not None and (not chosen or any(one not in options for one in chosen)):
            yield f"{at}: what is chosen beforehand is not among the options"


ELEMENTS = {
    "button": Rule({"text", "value", "url", "style", "accessibility_label"}, Elements.button),
    "image": Rule({"image_url", "slack_file", "alt_text"}, Elements.image),
    "plain_text_input": Rule(
        {"multiline", "min_length", "max_length", "initial_value", "placeholder", "dispatch_action_config"},
        Elements.text_input,
    ),
    "datepicker": Rule({"initial_date", "placeholder"}, Elements.date_picker),
    "radio_buttons": Rule({"options", "initial_option"}, Elements.boxes),
    "checkboxes": Rule({"options", "initial_options"}, Elements.boxes),
    "static_select": Rule({"options", "option_groups", "initial_option", "placeholder"}, Elements.select),
    "multi_static_select": Rule(
        {"options", "option_groups", "initial_options", "placeholder", "max_selected_items"}, Elements.select
    ),
}
INPUTS = set(ELEMENTS) - {"button", "image"}
INTERACTIVE = set(ELEMENTS) - {"image", "plain_text_input"}
