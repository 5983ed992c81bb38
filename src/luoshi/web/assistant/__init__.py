"""The door for assistants (MCP over standard input and output): the questions of the interface, each answer with its quotations.

``asking``   who asks, and what they are answered
``server``   the tools, as the official library serves them
"""
