"""CRM data from files: columns are mapped, values repaired, and everything that was changed or left out is reported."""
