"""What the process from which functions are forked does first.

Run as a script. Each function creates a client, for which botocore parses a megabyte of JSON: AWS's
endpoints and the service's model. The functions find it parsed.
"""

from functools import cache

from botocore.loaders import JSONFileLoader
from botocore.session import Session

SERVICE, ANY_REGION = "secretsmanager", "us-east-1"


def main() -> None:
    """Let this process and its children parse every file once, and create a client."""
    JSONFileLoader.load_file = cache(JSONFileLoader.load_file)
    Session().create_client(SERVICE, region_name=ANY_REGION)


if __name__ == "__main__":
    main()
