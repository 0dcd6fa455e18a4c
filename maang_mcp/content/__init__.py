"""What ships with the product: skill graph, problems, questions and rounds, as data and loaders."""
