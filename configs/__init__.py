"""Settings, operator mappings and detector thresholds: the only door to the YAML in this folder.

Every model refuses unknown keys, so that a misspelt setting is an error with its file and key, never a silent default.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated, Any, Literal, Self, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator
from yaml.constructor import ConstructorError

ModelT = TypeVar("ModelT", bound=BaseModel)
Hour = Annotated[int, Field(ge=0, le=24)]
Days = Annotated[str, Field(pattern=r"^[1-9][0-9]{0,4}d$")]


class ConfigError(ValueError):
    """A configuration file is wrong; the message lists every fault with file and key."""


class Section(BaseModel):
    """A group of settings: frozen, unknown keys refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class IngestSettings(Section):
    """Limits of what a file may be."""

    chunk_rows: int = Field(ge=1)
    block_bytes: int = Field(ge=4096)
    segment_rows: int = Field(ge=1)
    compact_segments: int = Field(ge=2)
    max_rows: int = Field(ge=1)
    max_days: int = Field(ge=1)
    max_ratio: int = Field(ge=1)
    max_row_bytes: int = Field(ge=1024)
    max_column_bytes: int = Field(ge=1024)
    max_stdin_bytes: int = Field(ge=1)
    future_minutes: int = Field(ge=0)
    first_year: int = Field(ge=1970)
    warn_dead_share: float = Field(ge=0, le=1)
    hold_dead_share: float | None = Field(ge=0, le=1)


class RetentionSettings(Section):
    """How long each class of data is kept, in days (400d); None is for ever."""

    calls: Days | None = None
    pair_days: Days | None = None
    dead_letters: Days | None = None

    @model_validator(mode="after")
    def _days_outlive_their_calls(self) -> Self:
        if self.pair_days and (not self.calls or int(self.pair_days[:-1]) < int(self.calls[:-1])):
            raise ValueError("pair_days are made of calls: keep them at least as long as calls")
        return self


class LiveSettings(Section):
    """When rows of a stream become segments."""

    seal_after_s: float = Field(gt=0)
    seal_bytes: int = Field(ge=4096)


class FeatureSettings(Section):
    """Thresholds that are part of feature definitions."""

    night_local_h: tuple[Hour, Hour]
    office_local_h: tuple[Hour, Hour]
    callback_h: int = Field(gt=0)
    handoff_min: int = Field(gt=0)
    handoff_talk_s: int = Field(gt=0)
    new_callee_h: int = Field(gt=0)
    refile_s: int = Field(gt=0)


class SparkSettings(Section):
    """Where Spark runs when it is asked for, and what it is told: its own properties by name."""

    master: str = Field(pattern=r"^(local(\[.+\])?|local-cluster\[.+\]|yarn|spark://.+|k8s://.+)$")
    properties: dict[str, str]


class VerdictSettings(Section):
    """Risk (0..100) from which a verdict is given."""

    suspicious: float = Field(gt=0, lt=100)
    dangerous: float = Field(gt=0, le=100)
    top_share: float = Field(gt=0, lt=1)

    @property
    def rank_ceiling(self) -> float:
        """The highest risk without a module's facts: just below dangerous."""
        return self.dangerous - 1.0

    @model_validator(mode="after")
    def _suspicious_comes_first(self) -> Self:
        if self.suspicious > self.rank_ceiling:
            raise ValueError("suspicious must lie at least 1 below dangerous")
        return self


class AlertSettings(Section):
    """The operating point."""

    per_day: int = Field(ge=1)


class ForestSettings(Section):
    """Isolation Forest."""

    trees: int = Field(ge=10)
    sample: int = Field(ge=16)
    seed: int
    min_attempts: int = Field(ge=1)


class LinkReliability(Section):
    """How far each reason to link two numbers is trusted, 0..1; 0: it is not looked for."""

    shared_victims: float = Field(ge=0, le=1)
    shared_victims_soon: float = Field(ge=0, le=1)
    handoff: float = Field(ge=0, le=1)
    callback: float = Field(ge=0, le=1)
    device: float = Field(ge=0, le=1)
    sim: float = Field(ge=0, le=1)
    cell: float = Field(ge=0, le=1)
    trunk: float = Field(ge=0, le=1)
    range: float = Field(ge=0, le=1)
    forwarding: float = Field(ge=0, le=1)


class LinkSettings(Section):
    """Cheap link keys of every caller and exact links among candidates."""

    reliability: LinkReliability
    max_callers_per_victim: int = Field(ge=2)
    victim_h: int = Field(ge=1)
    min_shared: int = Field(ge=1)
    min_shared_soon: int = Field(ge=1)
    min_weight_soon: float = Field(ge=0)
    min_handoffs: int = Field(ge=1)
    min_weight: float = Field(ge=0)
    sketch_keys: int = Field(ge=1, le=64)
    rare_victim_callers: int = Field(ge=2)
    range_digits: int = Field(ge=1, le=6)
    rare_holders: int = Field(ge=2)
    rhythm_likeness: float = Field(ge=0, le=1)


class CommunitySettings(Section):
    """Leiden."""

    resolution: float | None = Field(gt=1)
    seed: int


class CampaignSettings(Section):
    """Candidates, rings, identity."""

    candidate_share: float = Field(gt=0, le=1)
    min_members: int = Field(ge=2)
    match_overlap: float = Field(gt=0, le=1)


class EncoderSettings(Section):
    """The network that embeds numbers."""

    mode: Literal["sage", "decoupled"]
    dims: int = Field(ge=2, le=256, multiple_of=2)
    hops: int = Field(ge=1, le=4)
    epochs: int = Field(ge=1)
    seed: int = Field(ge=0)


class GnnSettings(EncoderSettings):
    """Whether embeddings are made, and how."""

    enabled: Literal["auto", "on", "off"]

    @field_validator("enabled", mode="before")
    @classmethod
    def _word(cls, value: object) -> object:
        """YAML reads a bare on or off as a truth value."""
        return {True: "on", False: "off"}[value] if isinstance(value, bool) else value


class Neo4jSettings(Section):
    """How Neo4j is written and read; address and password come from the environment."""

    batch_rows: int = Field(ge=100, le=10_000)
    sessions: int = Field(ge=1, le=16)
    write_timeout_s: float = Field(gt=0)
    read_timeout_s: float = Field(gt=0)
    look_s: float = Field(gt=0)


class ApiSettings(Section):
    """Limits of the server."""

    host: str
    port: int = Field(ge=0, le=65535)
    max_body_bytes: int = Field(ge=1024)
    max_depth: int = Field(ge=1)
    max_aliases: int = Field(ge=1)
    max_tokens: int = Field(ge=10)
    max_page: int = Field(ge=1)
    max_cost: int = Field(ge=1)
    max_graph_nodes: int = Field(ge=1, le=2000)  # a drawing takes no more (graph.layout.MOST_NODES)
    timeout_s: float = Field(gt=0)
    stream_poll_ms: int = Field(ge=10)
    stream_page: int = Field(ge=1)
    stream_init_s: float = Field(gt=0)
    allowed_hosts: tuple[str, ...]
    local_origins: tuple[str, ...]


class Settings(Section):
    """Everything that can be set, one section a concern."""

    window: str
    ingest: IngestSettings
    retention: RetentionSettings
    live: LiveSettings
    features: FeatureSettings
    spark: SparkSettings
    verdicts: VerdictSettings
    alerts: AlertSettings
    isolation_forest: ForestSettings
    links: LinkSettings
    communities: CommunitySettings
    campaigns: CampaignSettings
    gnn: GnnSettings
    neo4j: Neo4jSettings
    api: ApiSettings

    @model_validator(mode="after")
    def _who_asks_is_answered_in_time(self) -> Self:
        if self.neo4j.read_timeout_s >= self.api.timeout_s:
            raise ValueError("neo4j.read_timeout_s must lie below api.timeout_s: then the run's own tables answer")
        return self


def load_settings(home: Path | None = None) -> Settings:
    """Give the defaults with HOME/settings.yaml laid over them.

    Raises ConfigError with every fault at once.
    """
    merged, where = laid_over("settings.yaml", home)
    return validated(Settings, merged, where)


def laid_over(path: str, home: Path | None) -> tuple[dict[str, Any], str]:
    """Give a shipped file with HOME's own of the same path laid over it, parsed, and where faults are to be mended.

    Where neither is there the values are empty. Raises ConfigError.
    """
    shipped, own = files("configs").joinpath(path), home / path if home else None
    merged = _parse(f"configs/{path}", _read(shipped)) if shipped.is_file() else {}
    if own is None or not own.is_file():
        return merged, f"configs/{path}"
    _overlay(merged, _parse(str(own), _read(own)))
    return merged, str(own)


class OperatorFiles(Section):
    """What lies beside a mapping: its own Python, and the ASN.1 module that it names; None where there is none."""

    code: str | None = None
    module: str | None = None


class FoundOperator(Section):
    """A mapping as it was found: parsed YAML, the files beside it, and where it is, for messages."""

    mapping: dict[str, Any]
    beside: OperatorFiles
    where: str


class UnknownOperatorError(ConfigError):
    """There is no mapping of that name; the message says which there are."""


def operator_names(own: Path | None = None) -> list[str]:
    """Names of the operator mappings, those of the folder `own` included, sorted."""
    mine = (path.stem for path in own.glob("*.yaml")) if own else ()
    return sorted({*_names("operators"), *mine})


def operator_files(name: str, own: Path | None = None) -> FoundOperator:
    """Give one operator's mapping as parsed YAML with what lies beside it; `own` comes before what is shipped.

    Raises UnknownOperatorError, or ConfigError for what is no YAML.
    """
    if name not in operator_names(own):
        known = ", ".join(operator_names(own))
        raise UnknownOperatorError(
            f"there is no mapping {name!r}; there are: {known}. `ringfence add-operator` makes one from a sample"
        )
    is_own = own is not None and (own / f"{name}.yaml").is_file()
    folder = own if own is not None and is_own else files("configs").joinpath("operators")
    where = f"{folder}/{name}.yaml" if is_own else f"configs/operators/{name}.yaml"
    mapping = _parse(where, _read(folder.joinpath(f"{name}.yaml")))
    return FoundOperator(mapping=mapping, beside=_beside(folder, name, mapping), where=where)


def _beside(folder: Traversable, name: str, mapping: Mapping[str, Any]) -> OperatorFiles:
    ber = mapping.get("ber")
    module = str(ber.get("module")) if isinstance(ber, dict) else None
    described = folder.joinpath(module) if module and "/" not in module else None
    code = folder.joinpath(f"{name}.py")
    return OperatorFiles(
        code=_read(code) if code.is_file() else None,
        module=_read(described) if described is not None and described.is_file() else None,
    )


def detector_names() -> list[str]:
    """Names of the fraud modules that have thresholds here, sorted."""
    return sorted(_names("detectors"))


def detector_yaml(name: str) -> dict[str, Any]:
    """Give one fraud module's YAML as parsed; raises ConfigError when there is none."""
    return _named("detectors", name, detector_names())


def validated(model: type[ModelT], values: Mapping[str, Any], where: str) -> ModelT:
    """Give `values` as a `model`, or raise ConfigError that lists all faults as file: key: what."""
    try:
        return model.model_validate(dict(values))
    except ValidationError as error:
        faults = [f"{where}: {'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()]
        raise ConfigError("\n".join(faults)) from None


def _names(folder: str) -> Iterator[str]:
    for entry in files("configs").joinpath(folder).iterdir():
        if entry.name.endswith(".yaml"):
            yield entry.name.removesuffix(".yaml")


def _named(folder: str, name: str, known: list[str]) -> dict[str, Any]:
    if name not in known:
        raise ConfigError(f"no {folder.rstrip('s')} {name!r} in configs/{folder}; there are: {', '.join(known)}")
    path = f"{folder}/{name}.yaml"
    return _parse(f"configs/{path}", _text(path))


def _text(path: str) -> str:
    return _read(files("configs").joinpath(path))


def _read(path: Traversable) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise ConfigError(f"{path}: not UTF-8; save it as UTF-8") from None


class _Loader(yaml.SafeLoader):
    """Reads plain YAML, and refuses a key that is there twice: neither value can be preferred."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value in seen:
                raise ConstructorError(None, None, f"key {key.value} is there twice", key.start_mark)
            seen.add(str(key.value))
        return super().construct_mapping(node, deep)


def _parse(where: str, text: str) -> dict[str, Any]:
    try:
        parsed = yaml.load(text, _Loader)  # noqa: S506  # a safe loader
    except (yaml.YAMLError, RecursionError) as error:
        raise ConfigError(f"{where}: not YAML: {error}") from None
    if parsed is None:
        return {}
    if not isinstance(parsed, dict):
        raise ConfigError(f"{where}: must hold keys and values")
    return parsed


def _overlay(base: dict[str, Any], top: Mapping[str, Any]) -> None:
    for key, value in top.items():
        if isinstance(value, dict) and isinstance(base.get(key), dict):
            _overlay(base[key], value)
        else:
            base[key] = value
