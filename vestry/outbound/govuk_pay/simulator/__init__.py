"""GOV.UK Pay on this machine, by its published contract: for the demo and for tests, never for money.

`account` is what it does, without a network; `pages` what a person who pays sees; `server` puts both on a
port of this machine. It takes test cards only, as their test accounts do, and breaks as it is told.
"""

from vestry.outbound.govuk_pay.simulator.account import FAULTS, Account, Simulator
from vestry.outbound.govuk_pay.simulator.server import post, running, serve

__all__ = ["FAULTS", "Account", "Simulator", "post", "running", "serve"]
