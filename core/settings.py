"""Settings, read once by a composition root: from the environment and, where present, a `.env` file."""

import binascii
from base64 import urlsafe_b64decode
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

__all__ = ["Settings"]

_WEAK = {"", "neo4j", "password", "admin", "changeme", "secret", "test", "123456"}
_KEY_BYTES = 32
_MAKE_KEY = "make one with `python -c 'from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())'`"


class Settings(BaseSettings):
    """What an operator may set. Outside development a weak or default secret is refused."""

    model_config = SettingsConfigDict(
        env_prefix="CITYGRAPH_", env_file=".env", extra="ignore", populate_by_name=True, hide_input_in_errors=True
    )

    environment: Literal["development", "production"] = Field(
        default="development", description="production refuses weak secrets"
    )
    home: Path = Field(default=Path("var"), description="where the store, keys, rejects and reports live")
    city: str = Field(
        default="changsha", description="a city the package carries, or the path of a folder with city.yaml"
    )
    neo4j_uri: str | None = Field(
        default=None, validation_alias="NEO4J_URI", description="a Neo4j server; unset: embedded"
    )
    neo4j_user: str = Field(default="neo4j", validation_alias="NEO4J_USER", description="user on that server")
    neo4j_password: SecretStr = Field(
        default=SecretStr(""), validation_alias="NEO4J_PASSWORD", description="password on that server"
    )
    neo4j_database: str | None = Field(
        default=None, validation_alias="NEO4J_DATABASE", description="database; unset: its default"
    )
    host: str = Field(default="127.0.0.1", description="address the API listens on")
    port: int = Field(default=8000, ge=1, le=65535, description="port the API listens on")
    api_key: SecretStr | None = Field(
        default=None, description="key for writes; unset: made at first start and printed"
    )
    personal_data: Literal["drop", "seal"] = Field(
        default="drop", description="originals of masked reports: dropped, or kept encrypted"
    )
    personal_key: SecretStr | None = Field(
        default=None, description="Fernet key that seals originals; several with commas: the first seals, each opens"
    )
    personal_reader_key: SecretStr | None = Field(
        default=None, description="key that reads sealed originals; unset: nobody reads them"
    )
    query_timeout: float = Field(default=5.0, gt=0, description="seconds a read query may run")
    row_cap: int = Field(default=1000, ge=501, description="rows a read query may return; pages have up to 500")
    heap: str = Field(default="1g", description="memory of the embedded store's JVM")
    proposal_reports: int = Field(
        default=3, ge=1, description="distinct reports from which an unknown name is proposed as a place"
    )
    report_hour: int = Field(default=7, ge=0, le=23, description="city-local hour of the daily allocation report")

    @model_validator(mode="after")
    def _check_personal_keys(self) -> Self:
        if self.personal_data == "seal" and not (self.personal_key and self.personal_key.get_secret_value()):
            msg = f"CITYGRAPH_PERSONAL_KEY: CITYGRAPH_PERSONAL_DATA=seal needs a key; {_MAKE_KEY}"
            raise ValueError(msg)
        if self.personal_key and not all(map(_is_fernet_key, self.personal_key.get_secret_value().split(","))):
            msg = f"CITYGRAPH_PERSONAL_KEY: not a Fernet key (32 bytes in URL-safe base64); {_MAKE_KEY}"
            raise ValueError(msg)
        reader = self.personal_reader_key
        if reader and self.api_key and reader.get_secret_value() == self.api_key.get_secret_value():
            msg = "CITYGRAPH_PERSONAL_READER_KEY: needs to be another key than CITYGRAPH_API_KEY"
            raise ValueError(msg)
        return self

    @model_validator(mode="after")
    def _refuse_weak_secrets(self) -> Self:
        if self.environment == "production":
            if self.neo4j_uri and self.neo4j_password.get_secret_value().lower() in _WEAK:
                msg = "NEO4J_PASSWORD: a default or weak password is refused outside development"
                raise ValueError(msg)
            if self.api_key and self.api_key.get_secret_value().lower() in _WEAK:
                msg = "CITYGRAPH_API_KEY: a default or weak key is refused outside development"
                raise ValueError(msg)
            if self.personal_reader_key and self.personal_reader_key.get_secret_value().lower() in _WEAK:
                msg = "CITYGRAPH_PERSONAL_READER_KEY: a default or weak key is refused outside development"
                raise ValueError(msg)
        return self


def _is_fernet_key(text: str) -> bool:
    try:
        return len(urlsafe_b64decode(text.strip())) == _KEY_BYTES
    except (binascii.Error, ValueError):
        return False
