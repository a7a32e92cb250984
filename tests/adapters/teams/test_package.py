"""The app package: what an administrator uploads is what Teams' own schema asks for."""

from __future__ import annotations

import io
import json
import struct
import zipfile
import zlib
from typing import Any

import pytest
from jsonschema import Draft4Validator

from adapters.teams.package import MANIFEST_VERSION, build, manifest
from tests.adapters.teams.activities import APP
from tests.adapters.teams.adaptive_cards import schema_folder

URL = "https://bot.example.com:8443/change/"
COMMANDS = [(f"word{n}", f"what number {n} is good for") for n in range(20)]


def opened(package: bytes) -> dict[str, bytes]:
    """The files in a package."""
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def pixels(png: bytes) -> tuple[int, int, list[tuple[int, ...]]]:
    """Width, height and the RGBA pixels of a PNG of eight bits a channel."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    width, height, depth, kind = struct.unpack(">IIBB", png[16:26])
    assert (depth, kind) == (8, 6)
    data, at = b"", 8
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        data += png[at + 8 : at + 8 + length] if png[at + 4 : at + 8] == b"IDAT" else b""
        at += 12 + length
    rows = _unfiltered(zlib.decompress(data), width * 4)
    return width, height, [tuple(row[n : n + 4]) for row in rows for n in range(0, width * 4, 4)]


def _unfiltered(raw: bytes, stride: int) -> list[bytearray]:
    rows: list[bytearray] = []
    above = bytearray(stride)
    for start in range(0, len(raw), stride + 1):
        how, row = raw[start], bytearray(raw[start + 1 : start + 1 + stride])
        for n in range(stride):
            left = row[n - 4] if n >= 4 else 0
            corner = above[n - 4] if n >= 4 else 0
            row[n] = (row[n] + (0, left, above[n], (left + above[n]) // 2, _paeth(left, above[n], corner))[how]) % 256
        rows.append(row)
        above = row
    return rows


def _paeth(left: int, above: int, corner: int) -> int:
    guess = left + above - corner
    return min((left, above, corner), key=lambda value: abs(guess - value))


@pytest.mark.parametrize("hear_replies", [False, True])
def test_the_manifest_is_what_the_schema_asks_for(hear_replies: bool) -> None:
    """The schema at hand is a newer version than the one we write; it knows every field that we use."""
    folder = schema_folder()
    if folder is None:
        pytest.skip("no folder with the vendors' schemas in THROUGHLINE_SCHEMAS")
    schema = json.loads((folder / "teams-manifest.schema.json").read_text(encoding="utf-8"))
    made = manifest(URL, APP, COMMANDS, hear_replies=hear_replies, name="N" * 200)
    newest = {**made, "manifestVersion": schema["properties"]["manifestVersion"]["const"]}

    faults = [error.message for error in Draft4Validator(schema).iter_errors(newest)]

    assert faults == []
    assert made["manifestVersion"] == MANIFEST_VERSION
    assert f"/v{MANIFEST_VERSION}/" in made["$schema"]


def test_the_manifest_says_what_the_bot_is_and_where() -> None:
    """Personal, team and group chat, twelve commands, and pages under the address that was given."""
    made = manifest(URL, APP.upper(), COMMANDS)
    bot = made["bots"][0]

    assert (made["id"], bot["botId"]) == (APP, APP)
    assert bot["scopes"] == ["personal", "team", "groupChat"]
    assert [c["title"] for c in bot["commandLists"][0]["commands"]] == [word for word, _ in COMMANDS[:12]]
    assert made["developer"]["privacyUrl"] == "https://bot.example.com:8443/change/privacy"
    assert made["developer"]["termsOfUseUrl"] == "https://bot.example.com:8443/change/terms"
    assert made["validDomains"] == ["bot.example.com:8443"]


def test_hearing_replies_is_asked_for_only_if_wanted() -> None:
    """Without the option the app asks for no consent at all."""
    asked = manifest(URL, APP, (), hear_replies=True)
    permissions = asked["authorization"]["permissions"]["resourceSpecific"]

    assert [p["name"] for p in permissions] == ["ChannelMessage.Read.Group"]
    assert {p["type"] for p in permissions} == {"Application"}
    assert asked["webApplicationInfo"]["id"] == APP
    assert not {"authorization", "webApplicationInfo"} & manifest(URL, APP, ()).keys()


def test_the_package_holds_manifest_and_icons_and_is_always_the_same() -> None:
    """Three files at the top, and no trace of when it was made."""
    package = build(URL, APP, COMMANDS)

    assert package == build(URL, APP, COMMANDS)
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        assert {file.date_time for file in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    files = opened(package)
    assert sorted(files) == ["color.png", "manifest.json", "outline.png"]
    assert json.loads(files["manifest.json"]) == manifest(URL, APP, COMMANDS)


def test_the_icons_are_what_teams_asks_for() -> None:
    """The colour icon fills its square; the outline is white and nothing else, on nothing."""
    files = opened(build(URL, APP, ()))

    width, height, coloured = pixels(files["color.png"])
    assert (width, height) == (192, 192)
    assert {pixel[3] for pixel in coloured} == {255}
    width, height, drawn = pixels(files["outline.png"])
    assert (width, height) == (32, 32)
    assert {pixel[:3] for pixel in drawn if pixel[3]} == {(255, 255, 255)}
    assert 0.1 < sum(pixel[3] > 0 for pixel in drawn) / len(drawn) < 0.6


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"url": "http://bot.example.com"}, "--url"),
        ({"url": "bot.example.com"}, "--url"),
        ({"app_id": "my-bot"}, "MicrosoftAppId"),
        ({"app_id": ""}, "MicrosoftAppId"),
    ],
)
def test_what_cannot_be_used_is_named(given: dict[str, Any], named: str) -> None:
    """The message says what to give instead."""
    with pytest.raises(ValueError, match=named):
        build(**{"url": URL, "app_id": APP, "commands": (), **given})
