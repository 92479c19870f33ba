"""What operators run against a deployment; nothing of it is deployed."""
