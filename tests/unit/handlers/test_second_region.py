"""Nothing that signs a login names a region: a replica of the key in another region is asked by the same id."""

from dataclasses import replace
from typing import Any, cast

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

from passwordless.model.signatures import Act, Purpose
from tests.house import House


class Elsewhere:
    """KMS of another region: it knows the id of a replicated key, and no ARN of the first region."""

    def __init__(self, client: Any) -> None:
        self.client = client
        self.asked: list[str] = []

    def sign(self, **told: Any) -> Any:
        self.asked.append(told["KeyId"])
        return self.client.sign(**told)


def test_a_replica_of_the_key_signs_in_another_region(house: House) -> None:
    key = house.wiring.key_maker.current("regions", house.wiring.now_utc, "REFERENCE")
    read_there = replace(key, kms_key=key.kms_key.replace("us-east-1", "eu-central-1"))
    kms = Elsewhere(house.wiring.signer.client)
    there = replace(house.wiring.signer, client=cast("Any", kms))
    with there.signing(read_there, Act(Purpose.RESPONSE, "regions", key.key_id, "REFERENCE")) as private:
        signature = private.sign(b"message", PKCS1v15(), SHA256())
    assert len(signature) == 256
    assert [":" in asked for asked in kms.asked] == [False]
