"""moto's server, with a bucket from the start."""
import sys

from moto.s3.models import s3_backends
from moto.server import main

bucket = sys.argv.pop(1)
s3_backends["123456789012"]["aws"].create_bucket(bucket, "us-east-1")
main(sys.argv[1:])
