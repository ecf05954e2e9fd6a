"""SMS, WhatsApp and Instagram: what holds for every channel that a provider carries."""
