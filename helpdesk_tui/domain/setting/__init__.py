"""The settings of the desk and of each agent."""
