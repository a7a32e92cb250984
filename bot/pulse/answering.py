"""What somebody who answers a short survey is shown: the form with who will see what above it, and the thanks. Pure.

Nothing of an answer leaves the form that it stands in. It knows no database and does not decide who may answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.messages import Ask, Card, Choice, escape
from bot.pulse.forms import Answer, Given, Sheet, asks, leads_on, next_sheet
from bot.store.surveys import Snapshot
from bot.words import Words

SURE = "sure"


@dataclass(frozen=True, slots=True)
class Survey:
    """A survey that somebody answers. `says` begins what its form says, `who_sees` stands above it. `closes_on` is the
    day it closes, in the reader's calendar; None for a test, of which nothing is kept.
    """

    says: str
    snapshot: Snapshot
    who_sees: str
    closes_on: date | None
    named: bool = False

    def first(self, words: Words) -> Card:
        """The form as everybody gets it."""
        text = self.snapshot.text(words.locale)
        sheet = Sheet.first(self.snapshot.template)
        return self._form(sheet, words, [text.intro.strip(), self.who_sees])

    def same(self, sheet: Sheet, words: Words, open: Sequence[str] = ()) -> Card:
        """The form once more with what was entered, where something in the fields in `open` is wrong."""
        return self._form(sheet, words, [self._reminded], open)

    def further(self, sheet: Sheet, words: Words) -> Card:
        """The form that goes on, with what was answered so far below what is asked now."""
        new = sum(self.snapshot.template.questions[place].id not in sheet.given for place in sheet.places)
        return self._form(sheet, words, [words.count("survey.form-more", new), self._reminded])

    def before_sending(self, sheet: Sheet, words: Words, found: Sequence[str]) -> Card:
        """The form once more, before what was `found` in a free text is sent."""
        said = words("survey.form-private", found=words.all_of([escape(one) for one in found]))
        questions = (self.snapshot.template.questions[place] for place in sheet.places)
        texts = [question.id for question in questions if question.type == "text"]
        return self._form(sheet, words, [said, self._reminded], texts, f" {SURE}")

    @property
    def _reminded(self) -> str:
        """Who sees what was read on the first form; that the name stands with it is said on every one."""
        return self.who_sees if self.named else ""

    def _form(self, sheet: Sheet, words: Words, above: Sequence[str], open: Sequence[str] = (), more: str = "") -> Card:
        template, text = self.snapshot.template, self.snapshot.text(words.locale)
        goes_on = leads_on(template, sheet.given)
        return Card(
            title=text.name,
            body="\n\n".join(part for part in above if part),
            asks=self.asks(sheet, words, open),
            submits=f"{self.says} {sheet.encoded()}{more}",
            submit_label=words("survey.form-next" if goes_on else "survey.form-send"),
            locale=words.language,
            confidential=True,
        )

    def asks(self, sheet: Sheet, words: Words, open: Sequence[str] = ()) -> tuple[Ask, ...]:
        """The fields of a form. What is settled and not in `open` is not asked again one by one."""
        hint = words("survey.form-text-hint-named" if self.named else "survey.form-text-hint")
        return asks(sheet, self.snapshot.template, self.snapshot.text(words.locale), hint, open)

    def thanks(self, words: Words, worried: bool) -> Card:
        """What is said when it was handed in. Who seems worried is offered to raise that, without a word of it."""
        if self.closes_on is None:
            return Card(body=words("survey.thanks-test"), locale=words.language)
        key = "survey.thanks-named" if self.named else "survey.thanks"
        said = words(key, day=words.day(self.closes_on))
        if not worried:
            return Card(body=said, locale=words.language)
        return Card(
            body=f"{said}\n\n{words('survey.worried')}",
            choices=(Choice(words("survey.worried-button"), "concern"),),
            locale=words.language,
        )

    def goes_on(self, given: Given) -> Sheet | None:
        """What is still to be asked after these answers, or None."""
        return next_sheet(self.snapshot.template, given)


def texts_of(answers: dict[str, Answer]) -> dict[str, str]:
    """The free texts among these answers."""
    return {name: answer for name, answer in answers.items() if isinstance(answer, str)}
