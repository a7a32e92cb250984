"""The commands that make what is installed in Slack and in Teams: a manifest, a package."""

from __future__ import annotations

from pathlib import Path

import click

from bot.cli.outside import Outside
from bot.commands.terminal import Failed
from bot.settings import read_settings

HEAR_REPLIES = click.option(
    "--hear-replies", is_flag=True, help="Ask for the permission to hear replies that do not mention the bot."
)


@click.command("slack-manifest", short_help="Print the manifest of the Slack app.")
@click.option("--url", help="Where Slack reaches this server, https://…. Without it the app uses Socket Mode.")
@HEAR_REPLIES
@click.pass_obj
def slack_manifest(outside: Outside, url: str | None, hear_replies: bool) -> None:
    """Print the manifest to make the Slack app from, at api.slack.com/apps: "From a manifest".

    docs/slack.md goes through it step by step and explains every permission in it.
    """
    from bot.commands.listing import listed_commands

    try:
        click.echo(outside.slack_manifest(url, hear_replies, listed_commands()))
    except ValueError as wrong:
        raise click.UsageError(str(wrong)) from None


@click.command("teams-package", short_help="Write the package of the Teams app.")
@click.option("--url", required=True, help="Where people reach this server, https://….")
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="The ZIP file to write.")
@HEAR_REPLIES
@click.pass_obj
def teams_package(outside: Outside, url: str, out: Path, hear_replies: bool) -> None:
    """Write the package (manifest and icons) to upload in the Teams admin centre. MicrosoftAppId must be set.

    docs/teams.md goes through it step by step.
    """
    from bot.commands.listing import listed_commands

    given = read_settings().teams
    if given is None:
        raise Failed("Teams is not configured: set MicrosoftAppId, MicrosoftAppPassword and MicrosoftAppTenantId")
    try:
        content = outside.teams_package(url, given.app_id, hear_replies, listed_commands())
    except ValueError as wrong:
        raise click.UsageError(str(wrong)) from None
    try:
        out.write_bytes(content)
    except OSError as wrong:
        raise Failed(f"{out} cannot be written: {wrong.strerror}") from None
    click.echo(f"{out} is ready to be uploaded ({len(content)} bytes)")
