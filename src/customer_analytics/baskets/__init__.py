"""What is bought together: itemsets, their significance, links between products."""
