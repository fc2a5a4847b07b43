"""Whoever takes a webhook, with the library that the specification's authors publish: a request as JSON on standard input, what it says
on standard output."""

import json
import sys

from standardwebhooks.webhooks import Webhook

request = json.load(sys.stdin)
print(json.dumps(Webhook(request["secret"]).verify(request["body"], request["headers"])))
