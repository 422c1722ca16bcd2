"""Addresses that those who work for us call back at."""

from django.urls import path

from vestry.channels.inbound import payments, receipts

app_name = "inbound"

urlpatterns = [
    path("email-receipts/", receipts.email_receipt, name="email-receipt"),
    path("payment-notices/", payments.payment_notice, name="payment-notice"),
]
