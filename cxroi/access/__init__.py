"""Who people are to this program: what a role may do, and how a password is kept."""
