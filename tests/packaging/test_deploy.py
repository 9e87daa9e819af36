"""The files under deploy/ for Kubernetes, systemd and Prometheus are well formed and fit the software."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from app import __version__
from app.settings import Settings

DEPLOY = Path(__file__).parents[2] / "deploy"
KUBERNETES = list(YAML(typ="safe").load_all(DEPLOY / "kubernetes/ladder.yaml"))
PODS = [found["spec"]["template"] for found in KUBERNETES if "template" in found["spec"]]
CONTAINERS = [container for pod in PODS for container in pod["spec"]["containers"]]
VARIABLES = {f"LADDER_{name.upper()}" for name in Settings.model_fields} | {"PGPASSWORD"}


def one(kind: str) -> Any:  # noqa: ANN401 - a manifest
    """Return the one manifest of a kind."""
    (found,) = (manifest for manifest in KUBERNETES if manifest["kind"] == kind)
    return found


def test_every_manifest_has_a_name_and_labels() -> None:
    assert [manifest["kind"] for manifest in KUBERNETES] == [
        "Job", "Deployment", "Service", "PodDisruptionBudget"
    ]  # fmt: skip
    assert all(re.fullmatch(r"[a-z-]+", found["metadata"]["name"]) for found in KUBERNETES)
    assert all("app.kubernetes.io/name" in found["metadata"]["labels"] for found in KUBERNETES)


def test_every_selector_finds_the_pods_of_the_deployment_and_no_others() -> None:
    wanted = one("Deployment")["spec"]["template"]["metadata"]["labels"]
    selectors = [
        one("Deployment")["spec"]["selector"]["matchLabels"],
        one("Service")["spec"]["selector"],
        one("PodDisruptionBudget")["spec"]["selector"]["matchLabels"],
    ]
    assert all(selector == wanted for selector in selectors)
    assert one("Job")["spec"]["template"]["metadata"]["labels"] != wanted


def test_every_pod_runs_without_rights_and_without_a_token() -> None:
    for pod in PODS:
        assert pod["spec"]["automountServiceAccountToken"] is False
        security = pod["spec"]["securityContext"]
        assert (security["runAsNonRoot"], security["runAsUser"]) == (True, 10001)
    for container in CONTAINERS:
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }


def test_every_container_has_this_version_a_known_command_and_known_settings() -> None:
    for container in CONTAINERS:
        assert container["image"].rpartition(":")[2] == __version__
        assert container["command"][0] == "ladder"
        assert {variable["name"] for variable in container["env"]} <= VARIABLES


def test_every_probe_and_the_service_use_a_port_that_is_named() -> None:
    (container,) = one("Deployment")["spec"]["template"]["spec"]["containers"]
    ports = {port["name"]: port["containerPort"] for port in container["ports"]}
    assert ports == {"http": 8000, "metrics": 9464}
    probes = {name: container[f"{name}Probe"]["httpGet"] for name in ("startup", "liveness", "readiness")}
    assert probes == {
        "startup": {"path": "/healthz", "port": "http"},
        "liveness": {"path": "/healthz", "port": "http"},
        "readiness": {"path": "/readyz", "port": "http"},
    }
    assert one("Service")["spec"]["ports"][0]["targetPort"] == "http"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd-analyze")
@pytest.mark.parametrize("unit", ["ladder.service", "ladder-backup.service", "ladder-backup.timer"])
def test_systemd_accepts_a_unit(unit: str, tmp_path: Path) -> None:
    shutil.copytree(DEPLOY / "systemd", tmp_path, dirs_exist_ok=True)
    file = tmp_path / unit
    file.write_text(file.read_text("utf-8").replace("/opt/ladder/bin/ladder serve", "/bin/sh -c :"), "utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", file], capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_every_unit_uses_settings_that_exist() -> None:
    text = "".join(path.read_text("utf-8") for path in (DEPLOY / "systemd").iterdir())
    assert set(re.findall(r"\bLADDER_[A-Z_]+", text)) <= VARIABLES


def test_every_alert_has_a_summary_and_uses_metrics_that_the_reference_lists() -> None:
    listed = (DEPLOY.parent / "docs/reference/metrics.md").read_text("utf-8")
    (group,) = YAML(typ="safe").load(DEPLOY / "monitoring/alerts.yaml")["groups"]
    for rule in group["rules"]:
        assert rule["annotations"]["summary"]
        names = {name.removesuffix("_bucket") for name in re.findall(r"\bladder_\w+", rule["expr"])}
        assert names
        assert all(f"`{name}`" in listed for name in names)
