"""Attachments: copied from the vendor, kept, cleaned, and shown by links that expire."""
