"""`python -m local.phone_simulator`, which `local/phone` runs."""

import sys

from local.phone_simulator.command_line import main

sys.exit(main())
