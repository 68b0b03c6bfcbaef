"""What only the program needs: reading the stack's configuration and looking things up in AWS."""
