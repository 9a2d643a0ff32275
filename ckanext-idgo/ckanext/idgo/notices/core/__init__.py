"""What people are told, in whose words, when, and how often a mail is tried: pure rules."""
