"""The terminal session of the README: `.ci/run` holds it against what its commands say."""

import pytest

from docs.record import README, commands_of, lasting, session_in


def test_the_session_shows_few_answers_and_each_cites() -> None:
    session = session_in(README.read_text(encoding="utf-8"))
    assert 1 <= len(commands_of(session)) <= 4
    assert all("[1]" in answer for answer in session.split("$ sophia ask")[1:])


def test_commands_are_read_as_a_shell_reads_them() -> None:
    assert commands_of('$ sophia ask "What now?"\nAn answer.\n$ sophia brief --for ceo\n') == [
        ["ask", "What now?"],
        ["brief", "--for", "ceo"],
    ]


def test_a_command_of_another_program_is_refused() -> None:
    with pytest.raises(ValueError, match="'rm'"):
        commands_of("$ rm -r x\n")


def test_a_readme_without_its_markers_is_refused() -> None:
    with pytest.raises(ValueError, match="markers"):
        session_in("# Sophia\n```console\n$ sophia ask x\n```\n")


def test_what_names_its_own_run_or_thread_is_left_out() -> None:
    said = f'An answer. [1]\n\nSources\n  [1] A call\n\nsophia sources run_{"0a" * 16} 1\nsophia ask --thread thread_{"0b" * 16} "…"\n'
    assert lasting(said) == "An answer. [1]\n\nSources\n  [1] A call\n"
