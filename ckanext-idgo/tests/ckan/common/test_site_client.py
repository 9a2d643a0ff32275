"""The guarded client and the command group as CKAN sees them."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
import click
import pytest
from click.testing import CliRunner

from ckanext.idgo.common.plugin import cli
from ckanext.idgo.common.plugin.client import guarded_client


@pytest.mark.usefixtures("shared_plugin")
class TestSettings:
    def test_declared_defaults_reach_the_client(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(tk.config, "ckanext.idgo.http.allow", [])  # the embedded stack allows its own
        client = guarded_client()
        assert client.policy.ports == {80, 443, 8080, 8443}
        assert client.policy.allow == frozenset()
        assert (client.limits.total_seconds, client.limits.max_bytes) == (120, 20971520)
        assert client.user_agent == "IDGO"

    def test_an_operator_opens_names_and_closes_ports(self, monkeypatch: pytest.MonkeyPatch) -> None:
        names = ["127.0.0.1:5000", "catalogue.interne.example"]
        monkeypatch.setitem(tk.config, "ckanext.idgo.http.allow", names)
        monkeypatch.setitem(tk.config, "ckanext.idgo.http.ports", ["443"])
        policy = guarded_client().policy
        assert policy.ports == {443}
        assert policy.allow == {
            "127.0.0.1:5000",
            "catalogue.interne.example:80",
            "catalogue.interne.example:443",
        }


def test_two_rooms_cannot_take_one_name() -> None:
    before = dict(cli.idgo.commands)
    command = click.Command("only-for-this-test")
    try:
        cli.register(command)
        cli.register(command)
        with pytest.raises(ValueError, match="only-for-this-test"):
            cli.register(click.Command("only-for-this-test"))
    finally:
        cli.idgo.commands.clear()
        cli.idgo.commands.update(before)


def test_the_demonstration_is_in_the_group() -> None:
    from ckanext.idgo.demo import plugin  # its import registers the commands

    assert plugin.demo is cli.idgo.commands["demo"]
    result = CliRunner().invoke(cli.idgo, ["demo", "--help"])
    assert result.exit_code == 0
    assert all(word in result.output for word in ("load", "remove", "accounts"))
