"""The sample desk of ``helpdesk demo``: about two hundred tickets on all channels."""
