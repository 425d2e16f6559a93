"""Planning a pilot and measuring one."""
