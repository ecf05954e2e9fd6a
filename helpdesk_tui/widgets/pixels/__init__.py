"""Pictures as real pixels: placeholders in the lines, and what each terminal is sent for them."""
