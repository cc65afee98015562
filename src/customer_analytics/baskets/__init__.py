"""What is bought together: itemsets, their significance, and the network of products."""
