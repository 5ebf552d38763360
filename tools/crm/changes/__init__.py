"""From what was said on calls to changes of the CRM: what is proposed, what speaks against it, and the plan of it."""
