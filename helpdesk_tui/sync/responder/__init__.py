"""The automatic responder's thread, and the services that it may ask or tell."""
