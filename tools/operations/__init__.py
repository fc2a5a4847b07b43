"""What tools/test-operations.py stands on: the documentation's recipes, database servers, and Steward itself."""
