#!/usr/bin/env bash
# Brings the S3 server that tests keep files in into target/moto: moto, by name, with pip. It is made whole
# or not at all, and is no part of the product.
#
# `pip install --target` rather than a virtual environment: Debian keeps those in a package of their own.
set -euo pipefail
cd "$(dirname "$0")/.."

# What may be set up for other uses of pip on this machine.
export PIP_USER=0 PIP_ROOT_USER_ACTION=ignore
requirements=tools/moto.txt
place=target/moto
mkdir -p target
partial=$(mktemp -d target/moto.XXXXXX)
trap 'rm -rf "$partial"' EXIT

echo "files: downloading moto with pip"
if ! python3 -m pip install --quiet --disable-pip-version-check --no-input --no-deps \
    --only-binary=:all: --target "$partial" --requirement "$requirements"; then
    echo "files: pip could not bring moto, which the tests of files need; its message is above" \
        "(Debian: apt-get install python3-pip)" >&2
    exit 1
fi
chmod 755 "$partial"
touch "$partial/complete"
rm -rf "$place"
mv "$partial" "$place"
