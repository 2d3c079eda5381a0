"""Print what Home Assistant would install at its first start, so that it can be installed before."""

import json
from pathlib import Path

import homeassistant
from homeassistant.bootstrap import DEFAULT_INTEGRATIONS

COMPONENTS = Path(homeassistant.__file__).parent / "components"
ALSO_USED = {
    "assist_pipeline",
    "hassio",
    "history",
    "logbook",
    "media_source",
    "recorder",
    "system_health",
}


def requirements_of(domains: set[str]) -> set[str]:
    """Collect the requirements of these integrations and of all that they depend on."""
    open_domains, seen, requirements = set(domains), set[str](), set[str]()
    while open_domains:
        domain = open_domains.pop()
        seen.add(domain)
        manifest = COMPONENTS / domain / "manifest.json"
        if not manifest.exists():
            continue
        content = json.loads(manifest.read_text())
        requirements.update(content.get("requirements", []))
        open_domains.update(set(content.get("dependencies", [])) - seen)
    return requirements


print("\n".join(sorted(requirements_of({*DEFAULT_INTEGRATIONS, *ALSO_USED}))))
