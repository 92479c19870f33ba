"""What an administrator does between two steps of a login."""

from typing import Any

from passwordless.model.applications import Application
from tests.house import House, Person
from tests.passkeys import Owner


def revoke(house: House, person: Person | Owner) -> None:
    """Revoke the person's phone."""
    _set(house, house.wiring.config.devices_table, person.device.device_id, "status", {"S": "revoked"})


def disable(house: House, person: Person | Owner) -> None:
    """Disable the user."""
    _set(house, house.wiring.config.users_table, person.user.user_id, "status", {"S": "disabled"})


def narrow(house: House, application: Application) -> None:
    """Open the application to one other user only."""
    rollout = {"M": {"mode": {"S": "test"}, "test_users": {"L": [{"S": "somebody@example.com"}]}}}
    _set(house, house.wiring.config.applications_table, application.application_id, "rollout", rollout)


def remove(house: House, application: Application) -> None:
    """Delete the application."""
    stores = house.wiring.stores
    assert not stores.commit(*stores.applications.removing(application))


def disconnect(house: House, application: Application) -> None:
    """Find that the application is not connected any more."""
    table = house.wiring.config.applications_table
    _set(house, table, application.application_id, "status", {"S": "failed"})


def move_application(house: House, application: Application, tenant: str) -> None:
    """Make an application another tenant's, which nothing of ours does."""
    _set(house, house.wiring.config.applications_table, application.application_id, "tenant", {"S": tenant})


def move_device(house: House, person: Person, tenant: str) -> None:
    """Make a phone another tenant's but not its owner, which nothing of ours does."""
    _set(house, house.wiring.config.devices_table, person.device.device_id, "tenant", {"S": tenant})


def count_device(house: House, user_id: str) -> None:
    """Count one phone more for a user."""
    _set(house, house.wiring.config.users_table, user_id, "devices", {"N": "1"})


def forget_reports(house: House) -> None:
    """Forget which addresses were reported."""
    client, table = house.wiring.stores.client, house.wiring.config.blocks_table
    for item in client.scan(TableName=table)["Items"]:
        client.delete_item(TableName=table, Key={"pk": item["pk"]})


def _set(house: House, table: str, key: str, name: str, value: Any) -> None:
    house.wiring.stores.client.update_item(
        TableName=table,
        Key={"pk": {"S": key}},
        UpdateExpression="SET #name = :value",
        ConditionExpression="attribute_exists(pk)",
        ExpressionAttributeNames={"#name": name},
        ExpressionAttributeValues={":value": value},
    )
