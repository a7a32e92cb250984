"""What is wrong with survey templates and with the surveys an initiative plans.

It knows questions, conditions and schedules, not who will be asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from bot.playbook.check_shared import Known, repeated
from bot.playbook.conditions import Condition, NotACondition, parse_condition, parse_rule
from bot.playbook.fault import Fault
from bot.playbook.initiative_file import InitiativeFile, PulseSchedule
from bot.playbook.naming import nearest, shown
from bot.playbook.reading import SharedReading, Sheet
from bot.playbook.schedule import FromMilestone, NotASchedule, parse
from bot.playbook.shared_files import PulseTemplate, Question
from bot.playbook.yaml12 import Path

FEWEST_OPTIONS = 2
MOST_POINTS = 100
"""Points of a scale, and options to choose from: more than that no platform shows in a form."""


def template_faults(shared: SharedReading) -> Iterator[Fault]:
    """What is wrong with the templates in `pulse/`."""
    for name, sheet in shared.sheets.items():
        if not name.startswith("pulse/"):
            continue
        yield from repeated(sheet, "questions.*.id", "question")
        stem = PurePosixPath(name).stem
        for path, written in sheet.words("id"):
            if written != stem:
                message = f"the id {shown(written)} is not the file's name; write {shown(stem)} or rename the file"
                yield sheet.fault("error", message, *path)
        template = shared.organisation.pulses.get(stem)
        if template:
            yield from _question_faults(sheet, template)


def _question_faults(sheet: Sheet, template: PulseTemplate) -> Iterator[Fault]:
    if not template.questions:
        yield sheet.fault("error", "the survey asks nothing; write its questions", "questions")
    earlier: dict[str, Question] = {}
    for number, question in enumerate(template.questions):
        here = ("questions", number)
        if question.type == "scale":
            yield from _scale_faults(sheet, question, here)
        if question.type in ("choice", "multi"):
            yield from _option_faults(sheet, question, here)
        for name, text in question.only_if.items():
            if problem := _unaskable(name, text, earlier):
                yield sheet.fault("error", problem, *here, "if", name)
        earlier.setdefault(question.id, question)


def _option_faults(sheet: Sheet, question: Question, here: Path) -> Iterator[Fault]:
    options = [option.strip() for option in question.options]
    if len(set(options)) < FEWEST_OPTIONS:
        yield sheet.fault("error", "write at least two different options to choose from", *here)
        return
    for number, option in enumerate(options):
        if option in options[:number]:
            yield sheet.fault("error", f"the option {shown(option)} is given twice", *here, "options", number)
    if len(options) > MOST_POINTS:
        yield sheet.fault(
            "error", f"{len(options)} options; at most {MOST_POINTS} can be chosen from", *here, "options"
        )


def _scale_faults(sheet: Sheet, question: Question, here: Path) -> Iterator[Fault]:
    if question.min >= question.max:
        yield sheet.fault("error", f"the scale runs from {question.min} to {question.max}", *here, "max")
        return
    if question.max - question.min >= MOST_POINTS:
        message = f"the scale has {question.max - question.min + 1} points; at most {MOST_POINTS} can be shown"
        yield sheet.fault("error", message, *here, "max")
    for point in question.labels:
        if not question.min <= point <= question.max:
            yield sheet.fault("error", f"the label {point} is not on the scale", *here, "labels", point)


def _unaskable(name: str, text: str, earlier: Mapping[str, Question]) -> str:
    if name not in earlier:
        return f"no question {shown(name)} before this one{nearest(name, earlier)}"
    try:
        return _unfitting(parse_condition(text), earlier[name])
    except NotACondition as wrong:
        return f"{shown(text)}: {wrong}"


def _unfitting(condition: Condition, question: Question) -> str:
    """Why this question can never be compared like this, or nothing."""
    value = condition.value
    if question.type == "text":
        return f"{shown(question.id)} is answered in free text and cannot be compared"
    if question.type == "scale" and not isinstance(value, float):
        return f"{shown(question.id)} is answered with a number, not with {shown(value)}"
    if question.type in ("choice", "multi"):
        if condition.comparison not in ("=", "!="):
            return f"{shown(question.id)} is answered with an option; compare it with = or !="
        if not any(condition.means(option) for option in question.options):
            written = value if isinstance(value, str) else f"{value:g}"
            return f"{shown(written)} is no option of {shown(question.id)}{nearest(written, question.options)}"
    return ""


def planned_faults(sheet: Sheet, written: InitiativeFile, defined: Known) -> Iterator[Fault]:
    """What is wrong with the surveys an initiative plans: template, schedule and rules."""
    milestones = {milestone.id for milestone in written.milestones}
    for number, pulse in enumerate(written.pulses):
        here = ("pulses", number)
        if pulse.template not in defined.templates:
            hint = nearest(pulse.template, defined.templates)
            message = f"no survey template {shown(pulse.template)} in pulse/{hint}"
            yield sheet.fault("error", message, *here, "template")
        try:
            schedule = parse(pulse.schedule)
        except NotASchedule as wrong:
            yield sheet.fault("error", f"{shown(pulse.schedule)} is no schedule: {wrong}", *here, "schedule")
        else:
            if isinstance(schedule, FromMilestone) and schedule.milestone not in milestones:
                hint = nearest(schedule.milestone, milestones)
                message = f"no milestone {shown(schedule.milestone)} here{hint}"
                yield sheet.fault("error", message, *here, "schedule")
        yield from _rule_faults(sheet, number, pulse, defined.templates.get(pulse.template))


def _rule_faults(sheet: Sheet, number: int, pulse: PulseSchedule, template: PulseTemplate | None) -> Iterator[Fault]:
    questions = {question.id: question for question in reversed(template.questions)} if template else {}
    for position, rule in enumerate(pulse.rules):
        problem = ""
        try:
            name, condition = parse_rule(rule.when)
            if template and name not in questions:
                problem = f"no question {shown(name)} in pulse/{template.id}.yaml{nearest(name, questions)}"
            elif template:
                problem = _unfitting(condition, questions[name])
        except NotACondition as wrong:
            problem = f"{shown(rule.when)}: {wrong}"
        if problem:
            yield sheet.fault("error", problem, "pulses", number, "rules", position, "when")
