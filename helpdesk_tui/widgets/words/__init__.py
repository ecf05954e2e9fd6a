"""What is said to people: sentences of codes and values, in the language of the interface."""
