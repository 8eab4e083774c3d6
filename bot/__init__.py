"""The edge: channels, HTTP, scheduler, delivery, settings, wiring and the command line. No business rules."""
