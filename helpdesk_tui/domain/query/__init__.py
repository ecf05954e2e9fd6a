"""The one language of searches, views and bulk targets: from its text to criteria."""
