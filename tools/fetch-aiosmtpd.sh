#!/usr/bin/env bash
# Brings the SMTP server that tests hand mail in at into target/aiosmtpd: aiosmtpd, by name, with pip. It is made whole
# or not at all, and is no part of the product.
#
# `pip install --target` rather than a virtual environment: Debian keeps those in a package of their own.
set -euo pipefail
cd "$(dirname "$0")/.."

# What may be set up for other uses of pip on this machine.
export PIP_USER=0 PIP_ROOT_USER_ACTION=ignore
requirements=tools/aiosmtpd.txt
place=target/aiosmtpd
mkdir -p target
partial=$(mktemp -d target/aiosmtpd.XXXXXX)
trap 'rm -rf "$partial"' EXIT

echo "mail: downloading aiosmtpd with pip"
if ! python3 -m pip install --quiet --disable-pip-version-check --no-input --no-deps --require-hashes \
    --only-binary=:all: --target "$partial" --requirement "$requirements"; then
    echo "mail: pip could not bring aiosmtpd, which the tests of mail need; its message is above" \
        "(Debian: apt-get install python3-pip)" >&2
    exit 1
fi
chmod 755 "$partial"
touch "$partial/complete"
rm -rf "$place"
mv "$partial" "$place"
