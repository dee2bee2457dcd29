"""Inviting from the command line: everybody who was not invited yet, once."""


def test_all_coming_sittings_are_invited_to_once(app, world, mailbox):
    runner = app.test_cli_runner()
    first = runner.invoke(args=["invitations", "invite", "--within", "90"])
    assert first.exit_code == 0, first.output
    assert first.output == "Sitzung: Integrationsrat: eingeladen, E-Mails: 2\n"
    again = runner.invoke(args=["invitations", "invite", "--within", "90"])
    assert again.output.startswith("Sitzung: Integrationsrat: Alle")


def test_sittings_further_away_are_left(app, world):
    assert app.test_cli_runner().invoke(args=["invitations", "invite", "--within", "30"]).output == ""
