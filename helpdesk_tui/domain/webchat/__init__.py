"""Webchat: what box and relay say to each other, identity of visitors, rules of a chat."""
