"""Applies the SAM transform: {template, parameters} as JSON on standard input, the CloudFormation template on output.

Run by the interpreter of .venv-tools, where aws-sam-translator is installed.
"""

import json
import sys

from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator


def main() -> None:
    """Translate; a template that SAM refuses ends with a traceback that names the resource."""
    request = json.load(sys.stdin)
    translator = Translator(None, Parser())
    translated = translator.translate(request["template"], request["parameters"], get_managed_policy_map=dict)
    json.dump(translated, sys.stdout)


if __name__ == "__main__":
    main()
