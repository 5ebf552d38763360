"""What the CRM knows: accounts, contacts, deals with their stages, activities, and the company's own figures."""
