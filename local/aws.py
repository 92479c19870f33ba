"""Clients of the emulated AWS account, which take nothing from the caller's own AWS settings."""

import os
from typing import Any

import boto3
from botocore.config import Config
from botocore.configprovider import BOTOCORE_DEFAUT_SESSION_VARIABLES
from botocore.session import Session as BotocoreSession

from local.environment import REGION
from local.stack import AwsAccount


class EmulatedSession(BotocoreSession):
    """A botocore session bound to one endpoint: no profile, no configuration file, no AWS_* variable, no proxy."""

    def __init__(self, endpoint_url: str) -> None:
        """Every setting is botocore's default; `endpoint_url` is the address of all services."""
        defaults = {
            name: (None, None, default, convert)
            for name, (_, _, default, convert) in BOTOCORE_DEFAUT_SESSION_VARIABLES.items()
        }
        for file in ("config_file", "credentials_file"):
            defaults[file] = (None, None, os.devnull, None)
        super().__init__(session_vars=defaults)
        self._endpoint_url = endpoint_url

    def create_client(self, *args: Any, **kwargs: Any) -> Any:
        """Create a client; whatever endpoint or proxy was asked for, it is ours and none."""
        own = Config(proxies={}, retries={"total_max_attempts": 1}, s3={"addressing_style": "path"})
        given = kwargs.get("config")
        kwargs["config"] = own if given is None else given.merge(own)
        kwargs["endpoint_url"] = self._endpoint_url
        return super().create_client(*args, **kwargs)


def session(
    endpoint_url: str, access_key_id: str, secret_access_key: str, session_token: str | None = None
) -> boto3.Session:
    """Return a session on the account behind `endpoint_url`, with the keys given (the account's own, or a role's)."""
    return boto3.Session(
        botocore_session=EmulatedSession(endpoint_url),
        aws_access_key_id=access_key_id,
        aws_secret_access_key=secret_access_key,
        aws_session_token=session_token,
        region_name=REGION,
    )


def account_session(account: AwsAccount) -> boto3.Session:
    """Return a session as the root of a stack's account, which may do everything."""
    return session(account.endpoint_url, account.access_key_id, account.secret_access_key)


def role_session(account: AwsAccount, role: str) -> boto3.Session:
    """Return a session that may do what the template's role (a logical id) allows, as its function may."""
    root = account_session(account)
    arn = root.client("iam").get_role(RoleName=account.resources[role])["Role"]["Arn"]
    keys = root.client("sts").assume_role(RoleArn=arn, RoleSessionName="test")["Credentials"]
    return session(account.endpoint_url, keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"])
