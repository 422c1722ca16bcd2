"""What can be decided without a database: layers, words, the graph, its measures and its shape."""
