"""The benchmark of the notification channel: one server process, one process of clients, and the times of arrival."""
