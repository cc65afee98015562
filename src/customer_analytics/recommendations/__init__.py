"""What a customer will buy next: sources of recommendations and their hybrid."""
