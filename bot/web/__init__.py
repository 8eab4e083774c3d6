"""What the HTTP server answers: webhooks, the web chat, pages, files, health."""
