"""Clio Manage v4 as a program: world, desk, wire. Every behaviour rests on clio/API.md."""
