"""Code that runs inside AWS Lambda; it never imports Pulumi."""
