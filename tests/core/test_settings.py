"""Settings: safe or not started."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from core.settings import PREFIX, BadSettings, Settings, from_environment
from wsgi import create_app

GOOD = {
    "AUGENHOEHE_SECRET_KEY": "a secret key of more than thirty-two characters",
    "AUGENHOEHE_PUBLIC_URL": "https://augenhoehe.example",
    "AUGENHOEHE_SMTP_HOST": "mail.example",
}


def test_production_is_the_default_mode():
    assert from_environment(GOOD).mode == "production"


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"AUGENHOEHE_DEMO_SIGN_IN": "1"}, "refused in production"),
        ({"AUGENHOEHE_PUBLIC_URL": "http://augenhoehe.example"}, "https://"),
        ({"AUGENHOEHE_PUBLIC_URL": "https://augenhoehe.example/"}, "without a slash"),
        ({"AUGENHOEHE_PUBLIC_URL": "augenhoehe.example", "AUGENHOEHE_MODE": "development"}, "address like"),
        ({"AUGENHOEHE_SECRET_KEY": "short"}, "32 characters"),
        ({"AUGENHOEHE_SMTP_HOST": ""}, "SMTP_HOST"),
        ({"AUGENHOEHE_MODE": "live"}, "MODE must be one of"),
        ({"AUGENHOEHE_SECOND_FACTOR": "never"}, "SECOND_FACTOR must be one of"),
        ({"AUGENHOEHE_SMTP_PORT": "many"}, "not a valid value"),
        ({"AUGENHOEHE_NEW_IDEA": "1"}, "unknown setting"),
    ],
)
def test_unsafe_settings_do_not_start(changes, complaint):
    with pytest.raises(BadSettings, match=complaint):
        from_environment({**GOOD, **changes})


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"AUGENHOEHE_LAND": "XX"}, "unknown Land"),
        ({"AUGENHOEHE_OFFICE_FROM": "half past seven"}, "OFFICE_FROM"),
        ({"AUGENHOEHE_OFFICE_TO": "07:00"}, "office_from must be before"),
    ],
)
def test_without_sensible_office_hours_the_site_does_not_start(changes, complaint):
    """Else every page with a date on it would fail."""
    with pytest.raises(BadSettings, match=complaint):
        create_app(from_environment({**GOOD, **changes}), testing=True)


def test_the_readme_lists_every_setting_and_no_other():
    readme = (Path(__file__).resolve().parents[2] / "README.md").read_text(encoding="utf-8")
    listed = set(re.findall(rf"`({PREFIX}[A-Z_]+)`", readme))
    assert listed == {PREFIX + field.name.upper() for field in fields(Settings) if field.name != "root"}
