"""Twilio: text messages, picture messages and WhatsApp by one interface."""
