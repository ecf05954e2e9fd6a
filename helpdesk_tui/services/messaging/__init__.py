"""SMS, WhatsApp and Instagram: receiving, consent, windows, and how replies leave."""
