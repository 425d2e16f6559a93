"""What the documents give to copy for a server holds together: nothing is published but the proxy, and every option is one."""

import re
from pathlib import Path

import pytest
import yaml

from cxroi.ui.app.launch import _arguments

DEPLOY = Path(__file__).parents[1] / "docs" / "deploy"
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
COMPANIES = ("homes", "shops")


@pytest.mark.parametrize("company", COMPANIES)
def test_a_company_is_reached_through_the_proxy_alone_and_asks_who_comes(company):
    service = COMPOSE["services"][company]
    started = _arguments(service["command"])
    site = re.search(
        r"^(\S+) \{\s*reverse_proxy " + company + ":8501", (DEPLOY / "Caddyfile").read_text(), re.MULTILINE
    )
    assert "ports" not in service and service["networks"] == ["behind"]
    assert started.sign_in and not started.open_to_network and started.allowed_host == [site[1]]
    proxy = COMPOSE["services"]["proxy"]["networks"]["behind"]["ipv4_address"]
    assert service["environment"] == {"CXROI_PROXY_ADDRESS": proxy}


def test_no_company_has_the_folder_or_the_secrets_of_another():
    held = [{one.split(":")[0] for one in COMPOSE["services"][company]["volumes"]} for company in COMPANIES]
    assert held[0].isdisjoint(held[1])
    for company, volumes in zip(COMPANIES, held, strict=True):
        assert COMPOSE["services"][f"{company}-people"]["volumes"] == [f"{company}:/data"] and company in volumes
