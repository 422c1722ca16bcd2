"""Owe and settle: charges, payments, refunds, and what has to tie at the end of the day."""
