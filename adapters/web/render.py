"""Cards and what people typed as HTML. Pure: the same card gives the same fragment.

Nothing that stands in a text can become markup or script; a body's Markdown is the small subset of `Card`, and no more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from markupsafe import Markup

from adapters.plain import cut
from bot.messages import Answers, Card, picture_of

LONGEST_BODY = 40_000
LONGEST_LABEL = 150
# Of these a line or two is expected; more becomes a field of several lines.
SHORT_ANSWER = 200
# More options than this are easier to choose from a list.
OPTIONS_SHOWN_AT_MOST = 7
CUT = ("image", "heading", "lheading", "html_block", "html_inline", "reference", "hr")

TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True, slots=True)
class Acts:
    """Where the buttons and the form of a card lead: `at` is the address of the room, '' where they lead nowhere.

    Without a `number` the card is no message: what its buttons say is handed in to `at` itself. `answers` and
    `problems` are what somebody handed in and what is wrong with it; `done` says it was accepted.
    """

    at: str = ""
    token: str = ""
    event: str = ""
    number: int = 0
    answers: Answers = field(default_factory=dict)
    problems: Mapping[str, str] = field(default_factory=dict)
    done: bool = False


def render(card: Card, acts: Acts | None = None) -> Markup:
    """The card as an HTML fragment. A very long body is cut, visibly; nothing else is left out."""
    shown = replace(card, body=cut(card.body, LONGEST_BODY))
    return Markup(  # noqa: S704 - the template escapes everything in it
        TEMPLATES.get_template("card.html").render(card=shown, acts=acts or Acts(), **_LIMITS)
    )


_LIMITS = {"short_answer": SHORT_ANSWER, "options_shown": OPTIONS_SHOWN_AT_MOST, "longest_label": LONGEST_LABEL}


def markdown(body: str) -> Markup:
    """A card's body as HTML: paragraphs, emphasis, lists, quotations, code and links; nothing else takes effect."""
    return Markup(_MARKDOWN.render(body))  # noqa: S704 - the renderer escapes, and HTML is off


def link(address: str) -> str:
    """An address that a button may lead to: of the web, of mail, or of this page; else ''."""
    own = address.startswith("/") and not address.startswith(("//", "/\\"))
    return address if own or address.lower().startswith(("https://", "http://", "mailto:")) else ""


def picture(card: Card) -> str:
    """Where the card's picture is from: an address of this page, or the card itself; '' where it cannot be shown."""
    inside = picture_of(card) is not None
    return card.image if inside or (card.image.startswith("/") and link(card.image)) else ""


def _open_link(renderer: RendererHTML, tokens: list[Token], index: int, options: OptionsDict, env: EnvType) -> str:
    # Whoever looks something up does not lose the conversation; where it leads learns nothing of us.
    tokens[index].attrSet("target", "_blank")
    tokens[index].attrSet("rel", "noopener noreferrer")
    return renderer.renderToken(tokens, index, options, env)


def _markdown() -> MarkdownIt:
    made = MarkdownIt("commonmark", {"html": False, "breaks": True}).disable(CUT)
    made.add_render_rule("link_open", _open_link)
    return made


_MARKDOWN = _markdown()
TEMPLATES.filters["markdown"] = markdown
TEMPLATES.filters["link"] = link
TEMPLATES.filters["picture"] = picture
