"""How fast the project is and how much memory it takes; see README.md here."""
