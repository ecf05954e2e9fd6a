"""WhatsApp, through Twilio or Meta."""
