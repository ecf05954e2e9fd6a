"""WhatsApp by the Cloud API and Instagram: what Meta's Graph API carries."""
