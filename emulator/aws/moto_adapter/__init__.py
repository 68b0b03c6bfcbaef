"""The only package that reaches into moto's private and untyped parts."""
