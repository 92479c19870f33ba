"""What may be imported without paying for lxml, signxml or cryptography."""

import subprocess
import sys

import pytest

LIGHT = ("authn_request", "bindings", "contexts", "endpoint_url", "names", "refusals", "status")


@pytest.mark.parametrize("module", LIGHT)
def test_plain_modules_import_neither_lxml_nor_cryptography(module: str) -> None:
    program = (
        f"import sys; sys.path.insert(0, 'layers/passwordless/python'); import passwordless.saml.{module}; "
        "print(sorted({'lxml', 'signxml', 'cryptography', 'boto3'} & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_the_package_needs_no_aws_sdk() -> None:
    program = (
        "import sys; sys.path.insert(0, 'layers/passwordless/python'); "
        "import passwordless.saml.request, passwordless.saml.signing, passwordless.saml.metadata; "
        "print('boto3' in sys.modules, 'botocore' in sys.modules, 'requests' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["False", "False", "False"]
