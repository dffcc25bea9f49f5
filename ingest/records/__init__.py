"""Bytes become records: rows of separated and fixed files, JSON objects, XML elements, BER values."""
