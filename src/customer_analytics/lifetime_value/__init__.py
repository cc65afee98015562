"""What customers will buy: models of repeat orders, of order values, of amounts."""
