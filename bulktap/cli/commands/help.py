"""bulktap help: topics, and the manual page made of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

import click
from click.shell_completion import CompletionItem

from bulktap.cli.console import Console, ScreenSettings
from bulktap.cli.help import GroupedCommand
from bulktap.cli.running import run_command
from bulktap.cli.topics.topic_list import TOPICS, nearest, parts_about, topic_text
from bulktap.model.errors import UsageError

if TYPE_CHECKING:
    from click import Context, Parameter

    from bulktap.cli.outcome import CommandOutcome

_CODES = "troubleshooting"
"""The topic of what messages say, which is looked for without naming it too: people paste what the screen shows."""
_SHORTEST_CODE = 4
EXAMPLES = """\b
Examples:
  bulktap help                               list the topics
  bulktap help exit-codes
  bulktap help AADSTS700016                  only what is said of that
  bulktap help apply                         as bulktap apply --help
  bulktap help --man > bulktap.1             read it with man ./bulktap.1
"""


class Topic(click.ParamType[str]):
    """A topic, or a command."""

    name = "topic"

    def shell_complete(self, ctx: Context, param: Parameter, incomplete: str) -> list[CompletionItem]:
        """Return topics, then commands."""
        del ctx, param
        from bulktap.cli.main import COMMANDS

        known = TOPICS | COMMANDS
        return [CompletionItem(name, help=known[name]) for name in known if name.startswith(incomplete)]


@click.command("help", cls=GroupedCommand, epilog=EXAMPLES)
@click.argument("topic", type=Topic(), required=False)
@click.argument("words", nargs=-1, metavar="[WORD]...")
@click.option("--man", is_flag=True, help="Print the manual page, for man(1).")
@click.pass_context
def help_topics(context: Context, topic: str | None, words: tuple[str, ...], man: bool) -> NoReturn:
    """Explain a TOPIC; without one, list the topics. WORDs choose the paragraphs in which all of them stand."""
    console = Console(ScreenSettings())

    def action(outcome: CommandOutcome) -> None:
        del outcome
        console.text(_wanted(context, topic, words, man=man))

    run_command(console, action)


def _wanted(context: Context, topic: str | None, words: tuple[str, ...], *, man: bool) -> str:
    group = context.parent.command if context.parent else None
    commands: dict[str, Any] = dict.fromkeys(group.list_commands(context)) if isinstance(group, click.Group) else {}
    if man:
        from bulktap.cli.topics.man_page import man_page

        if topic is not None:
            raise UsageError("The manual page has all topics.", hint="Leave the topic out beside --man.")
        return man_page()
    if topic is None:
        return _list()
    name = topic.casefold()
    if name in TOPICS:
        return _about(name, words)
    if isinstance(group, click.Group) and name in commands:
        found = group.commands[name]
        with click.Context(found, context.parent, name) as inner:
            return found.get_help(inner)
    near = nearest(topic, list(commands))
    if not near and len(topic) >= _SHORTEST_CODE and (told := parts_about(topic_text(_CODES), (topic, *words))):
        return told
    raise UsageError(
        f"There is no topic {topic}.",
        hint=(f"Did you mean {near}? " if near else "") + "`bulktap help` lists the topics.",
    )


def _list() -> str:
    from bulktap.cli.topics.tables import definitions

    return (
        "Topics of bulktap help TOPIC:\n\n"
        + definitions(TOPICS.items())
        + "\n\nOf a command: bulktap help COMMAND, or bulktap COMMAND --help-all."
    )


def _about(name: str, words: tuple[str, ...]) -> str:
    text = topic_text(name)
    if not words:
        return text
    found = parts_about(text, words)
    if not found:
        raise UsageError(
            f"Nothing in {name} is about {' '.join(words)}.",
            hint=f"Try fewer words, or `bulktap help {name}` for all of it.",
        )
    return found
