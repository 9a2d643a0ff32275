"""Ports, records, rendered files, checksums: the pieces of the stack that decide."""

from __future__ import annotations

import configparser
import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stack import bootstrap, environment, ini, java, packages, ports, records, secrets, services, stamps
from stack.layout import ROOT, Layout
from stack.progress import StackError

PORTS = {"web": 20001, "postgresql": 20002, "redis": 20003, "solr": 20004, "supervisor": 20005}


@given(
    st.dictionaries(st.sampled_from(ports.SERVICES), st.integers(0, 40000)),
    st.sets(st.integers(20000, 20020)),
)
def test_ports_are_free_and_distinct(wanted: dict[str, int], taken: set[int]) -> None:
    draws = iter(range(20000, 32000))
    chosen = ports.choose(wanted, free=lambda port: port not in taken, draw=lambda: next(draws))
    assert len(set(chosen.values())) == len(ports.SERVICES)
    assert not taken & set(chosen.values())


def test_a_free_port_is_kept() -> None:
    assert ports.choose(dict(PORTS), free=lambda _: True) == PORTS


def test_no_port_at_all_is_said() -> None:
    with pytest.raises(OSError, match="no free port"):
        ports.choose({}, free=lambda _: False)


def test_a_record_knows_its_process_and_no_other() -> None:
    entry = records.record("me", os.getpid())
    assert records.is_alive(entry)
    assert not records.is_alive(records.Record("me", entry.pid, entry.started + 1, entry.boot))
    assert not records.is_alive(records.Record("me", entry.pid, entry.started, "another boot"))


def test_only_the_recorded_process_is_ended(tmp_path: Path) -> None:
    sleeper = [sys.executable, "-c", "import time; time.sleep(60)"]
    ours, other = (subprocess.Popen(sleeper, start_new_session=True) for _ in range(2))
    try:
        entry = records.record("ours", ours.pid)
        stale = records.Record("stale", other.pid, 1, records.boot_id())
        records.write(tmp_path, entry)
        records.write(tmp_path, stale)
        assert records.end(records.read_all(tmp_path), "nowhere", patience_s=5) == ["ours"]
        assert ours.wait(timeout=5) != 0
        assert other.poll() is None
    finally:
        for process in (ours, other):
            process.kill()
            process.wait()


def test_a_record_cut_short_is_no_record(tmp_path: Path) -> None:
    (tmp_path / "web.json").write_text('{"name": "web", "pi')
    assert records.read_all(tmp_path) == []


@given(
    st.text(st.characters(blacklist_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1).map(lambda s: f"x{s}x")
)
def test_ini_gives_back_any_value(value: str) -> None:
    text = ini.render(
        "[app:main]\nkey = @key@\ngone = @none@\n# @comment@ stays\n", {"key": value, "none": ""}
    )
    parser = configparser.ConfigParser()
    parser.read_string(text)
    assert parser["app:main"]["key"] == value
    assert "gone" not in parser["app:main"]


def test_ini_names_what_it_lacks() -> None:
    with pytest.raises(KeyError, match="unknown"):
        ini.render("key = @unknown@", {})


def test_the_template_is_filled_whole(tmp_path: Path) -> None:
    layout = Layout(ROOT, tmp_path / "été 100 % d'IDGO")
    drawn = dict.fromkeys(secrets.NAMES, "s")
    text = ini.render(
        (ROOT / "config" / "ckan.ini.template").read_text("utf-8"), ini.values(layout, PORTS, drawn)
    )
    parser = configparser.ConfigParser()
    parser.optionxform = str  # pyright: ignore[reportAttributeAccessIssue]
    parser.read_string(text)
    settings = parser["app:main"]
    assert settings["ckan.storage_path"] == str(layout.storage)
    assert settings["ckan.locale_default"] == "fr"
    assert "idgo_access" in settings["ckan.plugins"].split()


def test_supervisor_configuration_holds_no_path() -> None:
    text = services.supervisor_configuration(PORTS, "secret", "./.idgo/venv/bin/python", ".idgo")
    assert str(ROOT) not in text
    assert "%" not in text
    assert text.count("[program:") == len(services.BASE + services.CKAN)


def _jar(folder: Path, data: bytes, digest: str | None = None) -> java.Jar:
    jar = java.Jar("library", "org.example:thing:1.0:linux", digest or hashlib.sha256(data).hexdigest())
    path = jar.path(folder)
    path.parent.mkdir(parents=True)
    path.write_bytes(data)
    return jar


def test_a_good_jar_passes(tmp_path: Path) -> None:
    jar = _jar(tmp_path, b"good")
    java.verify([jar], tmp_path)
    assert jar.path(tmp_path).name == "thing-1.0-linux.jar"


def test_a_wrong_jar_is_refused_and_removed(tmp_path: Path) -> None:
    jar = _jar(tmp_path, b"bad", "0" * 64)
    with pytest.raises(StackError, match=r"org\.example:thing:1\.0:linux: checksum"):
        java.verify([jar], tmp_path)
    assert not jar.path(tmp_path).exists()


def test_the_java_lock_reads() -> None:
    jars = java.read_lock((ROOT / "stack" / "lock" / "java.txt").read_text("utf-8"))
    assert [jar.role for jar in jars].count("runner") == 1
    assert any(jar.coordinates.startswith("org.apache.solr:solr-core:9.") for jar in jars)
    with pytest.raises(StackError, match="not a jar"):
        java.read_lock("library a:b:1 short")


def test_an_entry_of_the_lock_keeps_its_hashes() -> None:
    lock = (ROOT / "stack" / "lock" / "requirements.txt").read_text("utf-8")
    entry = packages.entry_of(lock, "uv")
    assert entry.startswith("uv==")
    assert "--hash=sha256:" in entry
    assert not entry.rstrip().endswith("\\")
    with pytest.raises(StackError, match="not in the lock"):
        packages.entry_of(lock, "no-such-package")


def test_every_locked_package_has_hashes() -> None:
    for name in ("requirements.txt", "lint.txt"):
        lock = (ROOT / "stack" / "lock" / name).read_text("utf-8")
        pins = [line for line in lock.splitlines() if "==" in line and not line.startswith((" ", "#"))]
        assert pins
        assert all(line.endswith("\\") for line in pins), "a pin without hashes"
        assert "://" not in lock, "no registry address in a lock"


def test_children_do_not_inherit_what_misleads() -> None:
    base = {
        "PATH": "/bin",
        "HOME": "/h",
        "CKAN_SQLALCHEMY_URL": "postgresql://prod",
        "PGHOST": "prod",
        "PYTHONHOME": "/",
    }
    child = environment.child(Layout.of(), base)
    assert "postgresql://prod" not in child.values()
    assert "PGHOST" not in child
    assert child["HOME"] == "/h"


def test_a_certificate_bundle_given_is_kept() -> None:
    assert environment.child(Layout.of(), {"SSL_CERT_FILE": "/mine"})["SSL_CERT_FILE"] == "/mine"


def test_secrets_are_private_and_stay(tmp_path: Path) -> None:
    drawn = secrets.load(tmp_path)
    assert (tmp_path / "secrets.json").stat().st_mode & 0o777 == 0o600
    assert secrets.load(tmp_path) == drawn
    assert len(set(drawn.values())) == len(secrets.NAMES)


def test_a_step_is_done_once_per_input(tmp_path: Path) -> None:
    done: list[str] = []
    for mark in ("1", "1", "2"):
        stamps.once(tmp_path, "step", mark, "a step", lambda mark=mark: done.append(mark))
    assert done == ["1", "2"]


def test_a_failed_step_is_done_again(tmp_path: Path) -> None:
    def fail() -> None:
        raise StackError("no")

    with pytest.raises(StackError):
        stamps.once(tmp_path, "step", "1", "a step", fail)
    assert not stamps.is_done(tmp_path, "step", "1")


def test_a_path_ckan_cannot_read_is_named() -> None:
    bootstrap.check_path("/home/é à/l'été; (1)")
    with pytest.raises(StackError, match="'%'"):
        bootstrap.check_path("/home/100 %")
