"""Owns the numbers that operators watch. Knows no person, no text and no address: labels are closed sets only."""

from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

_SECONDS: Final = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_BATCH: Final = (1, 2, 4, 8, 16, 32, 64)


class Metrics:
    """One registry per running app, so that two in one process (tests) do not mix."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.received = self._counter(
            "messages_received",
            "Messages taken in, by outcome: handled, repeat, failed, refused.",
            "channel",
            "outcome",
        )
        self.forged = self._counter(
            "webhooks_forged", "Webhook calls refused for a wrong secret or signature.", "channel"
        )
        self.dead_letters = self._counter("messages_dead", "Messages given up after their last try.", "channel")
        self.sent = self._counter(
            "messages_sent", "Sends, by outcome: sent, retry, uncertain, dead, released.", "channel", "outcome"
        )
        self.media = self._counter(
            "media_copied", "Attachments, by outcome: stored, retry, failed.", "channel", "outcome"
        )
        self.channel_failures = self._counter(
            "channel_failures", "Connections to a vendor that failed or broke, and were begun again.", "channel"
        )
        self.troubled = Gauge(
            "ventanilla_channel_troubled",
            "1 while no messages come from a vendor.",
            ["channel"],
            registry=self.registry,
        )
        self.sweeps = self._counter("sweeps", "Scheduled sweeps, by outcome: done, failed.", "sweep", "outcome")
        self.forgotten = self._counter("forgotten", "Rows and files whose term was over, by rule.", "rule")
        self.batch_size = self._histogram("intake_batch_jobs", "Jobs in one transaction.", _BATCH)
        self.batch_seconds = self._histogram("intake_batch_seconds", "How long one transaction took.", _SECONDS)
        self.reading_seconds = self._histogram(
            "reading_seconds", "How long a text waited to be read and was, beside the transaction.", _SECONDS
        )
        self.send_seconds = self._histogram(
            "send_seconds", "How long a vendor took to accept a message.", _SECONDS, "channel"
        )
        self.waiting = Gauge("ventanilla_intake_waiting", "Jobs that wait for the database.", registry=self.registry)
        self.sending = Gauge("ventanilla_sending", "Outgoing messages held by this process.", registry=self.registry)
        self.outbox = Gauge("ventanilla_outbox", "Outgoing messages, by state.", ["state"], registry=self.registry)
        self.outbox_age = Gauge(
            "ventanilla_outbox_oldest_due_seconds", "Age of the oldest message that is due.", registry=self.registry
        )
        self.given_up = Gauge(
            "ventanilla_given_up", "What lies there given up: messages, arrivals, forms, changes.", ["what"],
            registry=self.registry,
        )  # fmt: skip
        self.inbox = Gauge("ventanilla_inbox", "Incoming messages, by state.", ["state"], registry=self.registry)

    def _counter(self, name: str, meaning: str, *labels: str) -> Counter:
        return Counter(f"ventanilla_{name}", meaning, labels, registry=self.registry)

    def _histogram(self, name: str, meaning: str, buckets: tuple[float, ...], *labels: str) -> Histogram:
        return Histogram(f"ventanilla_{name}", meaning, labels, buckets=buckets, registry=self.registry)

    def render(self) -> bytes:
        """Everything, in Prometheus' text format."""
        return generate_latest(self.registry)
