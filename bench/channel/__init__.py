"""The bench of the notification channel: one server process, one process of clients, and what came when."""
