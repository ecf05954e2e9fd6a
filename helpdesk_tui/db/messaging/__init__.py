"""Rows behind SMS, WhatsApp and Instagram."""
