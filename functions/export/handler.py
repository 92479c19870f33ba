"""Internal, no route: hands new events on to the EventBridge bus of the parameter EventBusName.

Lambda invokes it with records of the events table's stream, in order. It answers
`{"batchItemFailures": [{"itemIdentifier": sequence number}]}` with the first record that could not be handed on: the
stream then gives that one and all after it again. An empty list means that all is done.
"""

from collections.abc import Mapping
from typing import Any

from passwordless.logs import logger
from passwordless.metrics import Metric
from passwordless.wiring import Wiring, wiring

log = logger("export")


def handler(event: Mapping[str, Any], _: object) -> dict[str, Any]:
    """Hand on with the parts that this process's environment asks for."""
    return export(wiring(), event)


def export(house: Wiring, event: Mapping[str, Any]) -> dict[str, Any]:
    """Hand the records' events on, and tell where that stopped."""
    records = event["Records"]
    stop = house.event_bus.export(records)
    if stop is None:
        log.info("exported", extra={"records": len(records)})
        return {"batchItemFailures": []}
    house.metrics.count(Metric.EXPORT_FAILED, code=stop.code)
    log.error("export_failed", extra={"sequence_number": stop.sequence_number, "code": stop.code})
    return {"batchItemFailures": [{"itemIdentifier": stop.sequence_number}]}
