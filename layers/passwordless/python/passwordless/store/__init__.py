"""DynamoDB, a file a table. A failed condition is a result; everything else becomes one of our failures here."""
