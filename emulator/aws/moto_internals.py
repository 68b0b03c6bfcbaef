"""The only module that reaches into moto: everything untyped or private of it ends here."""

from moto.ec2.models import EC2Backend, ec2_backends
from moto.iam.models import IAMBackend, iam_backends
from moto.kms.models import KmsBackend, kms_backends
from moto.moto_server.werkzeug_app import (  # pyright: ignore[reportMissingTypeStubs]
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)
from werkzeug import serving


def make_server(host: str, port: int) -> serving.BaseWSGIServer:
    """Bind moto's application to `host`:`port`; nothing is served yet."""
    return serving.make_server(
        host,
        port,
        DomainDispatcherApplication(create_backend_app),
        threaded=True,
        request_handler=MotoRequestHandler,
    )


def ec2(account_id: str, region: str) -> EC2Backend:
    """Return the EC2 state of one account and region."""
    return ec2_backends[account_id][region]


def iam(account_id: str) -> IAMBackend:
    """Return the IAM state of one account."""
    return iam_backends[account_id]["aws"]


def kms(account_id: str, region: str) -> KmsBackend:
    """Return the KMS state of one account and region."""
    return kms_backends[account_id][region]
