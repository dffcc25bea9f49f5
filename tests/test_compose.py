"""docker-compose.yml is a compose file by its schema, and is safe as it stands."""

from __future__ import annotations

import copy
import re
from typing import Any

import pytest
import yaml
from check_jsonschema.builtin_schemas import get_builtin_schema
from jsonschema import Draft202012Validator, ValidationError

from tests.repository import ROOT

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
SECRET = re.compile(r"PASSWORD|TOKEN|SECRET|AUTH|KEY")
VARIABLE = re.compile(r"(?<!\$)\$\{(?P<name>\w+)(?P<rest>[^}]*)\}")
SCHEMA = Draft202012Validator(get_builtin_schema("vendor.compose-spec"))


def texts(value: object) -> list[str]:
    """Give every text within a parsed YAML value."""
    if isinstance(value, dict):
        return [text for item in value.values() for text in texts(item)]
    if isinstance(value, list):
        return [text for item in value for text in texts(item)]
    return [str(value)]


def test_it_is_valid_by_the_compose_schema() -> None:
    SCHEMA.validate(COMPOSE)


@pytest.mark.parametrize("fault", [{"helthcheck": {}}, {"ports": "8000"}, {"restart": 1}])
def test_the_schema_refuses_a_faulty_service(fault: dict[str, Any]) -> None:
    faulty = copy.deepcopy(COMPOSE)
    faulty["services"]["ringfence"].update(fault)
    with pytest.raises(ValidationError):
        SCHEMA.validate(faulty)


def test_neo4j_is_the_long_term_release_with_graph_data_science() -> None:
    assert SERVICES["neo4j"]["image"] == "neo4j:5.26"
    assert SERVICES["neo4j"]["environment"]["NEO4J_PLUGINS"] == '["graph-data-science"]'


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_has_a_health_check_and_keeps_its_data_in_a_named_volume(service: str) -> None:
    assert SERVICES[service]["healthcheck"]["test"]
    volumes = {volume.partition(":")[0] for volume in SERVICES[service]["volumes"]}
    assert volumes
    assert volumes <= COMPOSE["volumes"].keys()


@pytest.mark.parametrize("service", SERVICES)
def test_ports_are_published_on_this_machine_only(service: str) -> None:
    assert SERVICES[service]["ports"]
    assert all(port.startswith("127.0.0.1:") for port in SERVICES[service]["ports"])
    assert "network_mode" not in SERVICES[service]


def test_no_secret_has_a_default() -> None:
    secrets = [found for text in texts(COMPOSE) for found in VARIABLE.finditer(text) if SECRET.search(found["name"])]
    assert {found["name"] for found in secrets} == {"NEO4J_PASSWORD", "RINGFENCE_TOKEN_FILE"}
    assert all(found["rest"].startswith(":?") for found in secrets)


@pytest.mark.parametrize("service", SERVICES)
def test_no_secret_is_written_out(service: str) -> None:
    for name, value in SERVICES[service]["environment"].items():
        if SECRET.search(name):
            assert VARIABLE.search(value) or value.startswith("/run/secrets/"), name


def test_the_token_comes_from_a_file_that_the_operator_names() -> None:
    assert SERVICES["ringfence"]["secrets"] == ["ringfence_token"]
    assert SERVICES["ringfence"]["environment"]["RINGFENCE_TOKEN_FILE"] == "/run/secrets/ringfence_token"
    assert COMPOSE["secrets"]["ringfence_token"]["file"].startswith("${RINGFENCE_TOKEN_FILE:?")


def test_the_application_waits_for_a_healthy_neo4j() -> None:
    assert SERVICES["ringfence"]["depends_on"] == {"neo4j": {"condition": "service_healthy"}}


def test_the_image_runs_as_nobody_in_particular_and_tells_its_health() -> None:
    last_stage = DOCKERFILE.split("\nFROM ")[-1]
    assert re.search(r"^USER (?!root|0)\w+$", last_stage, re.MULTILINE)
    assert re.search(r"^HEALTHCHECK .*\\\n.*/livez", last_stage, re.MULTILINE)
    assert 'ENTRYPOINT ["ringfence"]\nCMD ["serve", "--host", "0.0.0.0"]' in last_stage


def test_the_image_installs_by_hash_alone() -> None:
    installs = re.findall(r"pip install (?:\\\n|[^\n])*", DOCKERFILE)
    assert len(installs) == 2
    assert all("--require-hashes" in install or "--no-index" in install for install in installs)


def test_the_builder_is_sent_all_that_the_image_copies() -> None:
    sent = {line[1:] for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines() if line[:1] == "!"}
    copied = {name for line in re.findall(r"^COPY (?!--)(.+) \S+$", DOCKERFILE, re.MULTILINE) for name in line.split()}
    assert copied == sent
    assert all((ROOT / name).exists() for name in copied)
