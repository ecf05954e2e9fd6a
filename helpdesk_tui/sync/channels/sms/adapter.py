"""Text messages as the worker sees them."""

from __future__ import annotations

from helpdesk_tui.domain.channels import SMS
from helpdesk_tui.domain.messaging.providers import Carrier
from helpdesk_tui.sync.channels.messaging.by_carrier import adapter_by_carrier

ADAPTER = adapter_by_carrier(SMS, Carrier.TWILIO)
