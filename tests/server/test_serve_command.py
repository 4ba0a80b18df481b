"""`vocolab serve`: what it is told, and what it refuses before it begins."""

from __future__ import annotations

import socket

import pytest
from click.testing import CliRunner

pytest.importorskip("uvicorn", reason="needs the extra `server`")

from vocolab.cli.main import run
from vocolab.errors import CallError, DocumentError
from vocolab_server.keys import hash_of
from vocolab_server.running import check_address
from vocolab_server.settings import Settings, read_settings


@pytest.fixture
def cli(capsys):
    def call(*arguments):
        code = run([*map(str, arguments)])
        return code, capsys.readouterr()

    return call


def test_a_new_key_is_shown_once_with_its_hash(cli):
    code, said = cli("serve", "--new-key", "app")
    key, rest = said.out.split("\n", 1)
    assert code == 0 and f'sha256 = "{hash_of(key)}"' in rest and 'name = "app"' in rest


def test_settings_of_a_file_and_of_options(tmp_path):
    path = tmp_path / "server.toml"
    path.write_text('port = 9000\nworkers = 2\n[limits]\ntext_characters = 10\n[voices]\nalloy = "hana-22k"\n'
                    f'[[keys]]\nname = "app"\nsha256 = "{"0" * 64}"\nrequests_per_minute = 5\n')
    settings = read_settings(path, {"port": 9001})
    assert (settings.port, settings.workers, settings.limits.text_characters) == (9001, 2, 10)
    assert settings.keys[0].requests_per_minute == 5 and settings.voices == {"alloy": "hana-22k"}


def test_a_configuration_with_unknown_keys_names_all_of_them_with_lines(tmp_path, cli):
    path = tmp_path / "server.toml"
    path.write_text('prot = 9000\nport = "x"\n[limits]\ntext_chars = 10\n[[keys]]\nname = "a"\nsha256 = "short"\n')
    with pytest.raises(DocumentError) as refused:
        read_settings(path, {})
    said = "\n".join(refused.value.problems)
    assert len(refused.value.problems) == 4
    for line, words in ((1, "prot"), (2, "port"), (4, "limits.text_chars"), (7, "sha256")):
        problems = refused.value.problems
        assert any(one.startswith(f"{path}:{line}:") and words in one for one in problems), said
    code, out = cli("serve", "--config", path)
    assert code == 2 and "prot" in out.err


def test_two_keys_of_one_name():
    key = {"name": "a", "sha256": "0" * 64}
    with pytest.raises(ValueError, match="two keys are named a"):
        Settings.model_validate({"keys": [key, key]})


def test_others_are_not_served_without_a_key(cli):
    for host in ("0.0.0.0", "::", "192.0.2.1", "example.org"):
        with pytest.raises(CallError, match="new-key"):
            check_address(Settings(host=host))
    code, said = cli("serve", "--host", "0.0.0.0")
    assert code == 2 and "--allow-anyone" in said.err
    check_address(Settings(host="0.0.0.0", anyone=True))
    check_address(Settings.model_validate({"host": "0.0.0.0", "keys": [{"name": "a", "sha256": "0" * 64}]}))
    for host in ("127.0.0.1", "localhost", "::1", "127.1.2.3"):
        check_address(Settings(host=host))


def test_a_port_in_use(cli):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        code, said = cli("serve", "--port", taken.getsockname()[1])
    assert code == 1
    assert len(said.err.strip().splitlines()) == 1 and "--port" in said.err


def test_no_voice(cli, monkeypatch):
    from vocolab.catalog.voices import VoiceRegistry

    monkeypatch.setattr(VoiceRegistry, "ranked", lambda self, *kinds: [])
    code, said = cli("serve", "--port", 0)
    assert code == 1 and "no voice" in said.err


def test_a_voice_that_is_not_there(cli):
    code, said = cli("serve", "--port", 0, "--voice", "nobody")
    assert code != 0 and "hana-22k" in said.err


def test_a_voice_may_take_its_time_and_a_worker_that_ends_at_once_is_told(catalog, monkeypatch):
    import asyncio

    from server_fakes import ThreadWorker

    from vocolab_server.refusals import Refused
    from vocolab_server.service import Service

    monkeypatch.setattr("vocolab_server.service._SAY_EVERY", 2)
    worker = ThreadWorker("one", catalog)
    service = Service(Settings(voice="reader-one"), catalog, workers=[worker])
    said: list[str] = []

    def say(line):
        said.append(line)
        worker.is_ready = len(said) == 3

    asyncio.run(service.warm(say))
    assert len(said) == 3 and all("being loaded" in line for line in said)
    worker.is_ready, worker.restarts = False, 5
    with pytest.raises(Refused, match="end before they are ready"):
        asyncio.run(service.warm(said.append))


def test_help():
    from vocolab_server.command import serve

    assert "--config" in CliRunner().invoke(serve, ["--help"]).output
