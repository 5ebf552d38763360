"""What speaks against a deal or a customer: dated facts of the CRM and of calls, each with its number and its words."""
