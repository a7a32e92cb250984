"""What the sample organisation says and does in these nine months: little. Project managers are mostly silent, since
silence means as planned; now and then a date is reached, at risk, held or moved, and two colleagues leave.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType

from tests.nine_months.living import Colleague, Deed, colleagues, leave
from tests.world import World

FIRST = datetime(2026, 11, 30, 8, tzinfo=UTC)
LAST = datetime(2027, 8, 30, 8, tzinfo=UTC)
# They never write to the bot, so it has no account to write to.
STRANGERS = frozenset({"severino", "lucia"})
# Who leaves, and from when on the directory no longer knows them.
LEFT: Mapping[str, datetime] = MappingProxyType(
    {"wesley": datetime(2027, 4, 30, 20, tzinfo=UTC), "kofi": datetime(2027, 5, 28, 20, tzinfo=UTC)}
)
# Who becomes a key user in the course of it, of what.
ACCEPTED: Mapping[str, str] = MappingProxyType({"joana": "crm-renewal"})
# Which channel is for whom, said by somebody who may; the first part is what the channel is called.
CHANNELS = (
    ("field-sales", "luana", "field-sales"),
    ("customer-service", "filipa", "customer-service"),
    ("marketing", "meiling", "marketing"),
    ("medical-affairs", "aylin", "medical-affairs"),
    ("finance", "kofi", "finance"),
    ("service-desk", "debjani", "it-service-desk"),
    ("warehouse", "doreen", "warehouse"),
    ("linden-pilot", "nuno", "crm-renewal/pilot-group"),
)


def deeds(among: Collection[str] = ()) -> list[Deed]:
    """Everything that people do. `among`: who is there to write to the bot for the first time, else everybody."""
    people = colleagues()
    when = _When(people)
    told = [*_milestones(when), *_broadcasts(when), *_wins(when), *_nomination(when)]
    return [*_first_contacts(among or people.keys()), *_channels(), *told, *_leaving()]


def channel_units() -> dict[str, str]:
    """The unit whose hours and language a channel has; one that is of no unit has those of the first affected one."""
    return {name: served if "/" not in served else "field-sales" for name, _, served in CHANNELS}


@dataclass(frozen=True, slots=True)
class _When:
    """Makes deeds at an hour where somebody is."""

    people: Mapping[str, Colleague]

    def __call__(self, who: str, day: str, do: Callable[[World], object], hour: int = 11) -> Deed:
        return Deed(datetime.fromisoformat(day).replace(hour=hour, tzinfo=self.people[who].zone), do)


def _first_contacts(accounts: Collection[str]) -> list[Deed]:
    return [Deed(FIRST, says(who, "thanks")) for who in accounts if who not in STRANGERS]


def _channels() -> list[Deed]:
    return [Deed(FIRST, says(who, f"@throughline use-channel {served}", name)) for name, who, served in CHANNELS]


def _milestones(at: _When) -> list[Deed]:
    result = {"text": "Dez colegas trabalharam um dia sem rede, e nenhuma visita se perdeu."}
    return [
        at("priya", "2026-12-08", says("priya", "milestone done desk-start All five shifts"), 23),
        at("nuno", "2026-12-11", says("nuno", "marco concluído decision-freeze Lista publicada e assinada"), 17),
        at("leonor", "2027-01-14", presses("leonor", "milestone done"), 15),
        at("joaquim", "2027-01-20", says("joaquim", "marco em risco list-check 88 de 100 até agora")),
        at("joaquim", "2027-01-22", says("joaquim", "milestone done list-check 96 de 100 confirmados"), 16),
        at("josenildo", "2027-02-05", says("josenildo", "milestone done offline-proof Nenhuma visita perdida"), 16),
        at("nuno", "2027-02-08", fills("nuno", "milestone tell crm-renewal/offline-proof done", result)),
        at("nuno", "2027-02-17", presses("nuno", "milestone hold"), 12),
        at("edson", "2027-03-09", says("edson", "milestone done pilot-start As cinco pessoas relataram visitas")),
        at("beatriz", "2027-04-09", says("beatriz", "milestone done pilot-decision Go on"), 15),
        at("arjun", "2027-05-12", says("arjun", "milestone at-risk full-switch One supplier has not confirmed"), 23),
        at("carmen", "2027-05-18", says("carmen", _slip("wave-2", "2027-06-14"))),
        at("nuno", "2027-05-19", presses("nuno", "milestone send")),
        at("andrew", "2027-06-03", says("andrew", "milestone done rehearsal-close Equal to the cent"), 16),
    ]  # fmt: skip


def _slip(milestone: str, day: str) -> str:
    reason = "Los teléfonos nuevos llegan el 4 de junio. Sin ellos nadie en Europa puede empezar."
    return f"milestone slips {milestone} {day} {reason}"


def _broadcasts(at: _When) -> list[Deed]:
    """One to a single department, one to everybody, which somebody else has to agree to."""
    rooms = {"title": "Linden: as salas de treino mudam", "text": "Os treinamentos são na sala Douro, e não na Tejo."}
    survey = {"title": "Linden: the four results", "text": "The four results of the pilot are on the project's page."}
    return [
        at("nuno", "2027-03-17", fills("nuno", "broadcast write crm-renewal", rooms | {"units": "customer-service"})),
        at("nuno", "2027-03-17", presses("nuno", "broadcast check"), 12),
        at("nuno", "2027-03-17", presses("nuno", "broadcast send"), 13),
        at("nuno", "2027-04-12", fills("nuno", "broadcast write crm-renewal", survey)),
        at("nuno", "2027-04-12", presses("nuno", "broadcast check"), 12),
        at("nuno", "2027-04-12", presses("nuno", "broadcast send"), 13),
        at("beatriz", "2027-04-13", presses("beatriz", "broadcast approve")),
    ]


def _wins(at: _When) -> list[Deed]:
    """Key users say what has become better; one of them thanks a colleague, and one goes to everybody."""
    offline = {"what": "Três dias no rio sem rede, e nenhuma visita se perdeu.", "whom": "Todos que viajam"}
    consent = {"what": "One list shows who said no.", "whom": "Whoever writes to doctors", "evidence": "0 complaints"}
    faster = {"what": "Uma ligação, uma tela só.", "whom": "Quem atende", "thanks": "duarte.pimentel@example.com"}
    return [
        at("luana", "2027-05-05", fills("luana", "win crm-renewal field-sales", offline)),
        at("luana", "2027-05-05", presses("luana", "win everybody"), 12),
        at("nuno", "2027-05-06", presses("nuno", "win approve")),
        at("filipa", "2027-06-09", fills("filipa", "win crm-renewal customer-service", faster)),
        at("duarte", "2027-06-10", presses("duarte", "win thanks-yes")),
        at("meiling", "2027-07-21", fills("meiling", "win crm-renewal marketing", consent)),
    ]


def _nomination(at: _When) -> list[Deed]:
    """Finance needs a new key user when theirs has left."""
    return [
        at("nuno", "2027-06-01", says("nuno", "nominate joana.alvim@example.com finance crm-renewal")),
        at("joana", "2027-06-02", presses("joana", "offer accept")),
    ]


def _leaving() -> list[Deed]:
    return [Deed(at, leave(who)) for who, at in LEFT.items()]


def says(who: str, text: str, where: str = "") -> Callable[[World], object]:
    """Writes this to the bot, alone or in a channel."""
    return lambda here: here.says(who, text, where)


def fills(who: str, form: str, answers: Mapping[str, str]) -> Callable[[World], object]:
    """Hands in this form."""
    return lambda here: here.fills(who, form, dict(answers))


def presses(who: str, command: str) -> Callable[[World], object]:
    """Presses the newest button that says this command, whatever it is called in their language."""

    def do(here: World) -> object:
        said = next(
            (
                button
                for place, message in reversed(here.platform.posted)
                if place.conversation == f"direct:{who}"
                for button in message["buttons"]
                if button["says"].startswith(command)
            ),
            None,
        )
        assert said is not None, f"{who} sees no button for {command!r} on {here.time:%d %B}"
        return here.hear(here.payload(who, press=said["says"]))

    return do
