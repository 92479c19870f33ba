"""The phone: QR code, what the person is shown, and the proofs the phone signs."""
