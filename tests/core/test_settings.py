"""Settings: safe or not started."""

import pytest

from core.settings import BadSettings, from_environment

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
        ({"AUGENHOEHE_SECRET_KEY": "short"}, "32 characters"),
        ({"AUGENHOEHE_SMTP_HOST": ""}, "SMTP_HOST"),
        ({"AUGENHOEHE_MODE": "live"}, "MODE must be one of"),
        ({"AUGENHOEHE_SMTP_PORT": "many"}, "not a valid value"),
        ({"AUGENHOEHE_NEW_IDEA": "1"}, "unknown setting"),
    ],
)
def test_unsafe_settings_do_not_start(changes, complaint):
    with pytest.raises(BadSettings, match=complaint):
        from_environment({**GOOD, **changes})
