#!/usr/bin/env bash
# Brings a server that tests need into target/<name>, by name, with pip: what tools/<name>.txt lists, each file checked by its hash where
# that has hashes. It is made whole or not at all, and is no part of the product.
#
# `pip install --target` rather than a virtual environment: Debian keeps those in a package of their own.
#
# usage: tools/fetch-by-pip.sh NAME
set -euo pipefail
cd "$(dirname "$0")/.."

# What may be set up for other uses of pip on this machine.
export PIP_USER=0 PIP_ROOT_USER_ACTION=ignore
name=$1
place=target/$name
mkdir -p target
partial=$(mktemp --directory --tmpdir=target)
trap 'rm -rf "$partial"' EXIT

echo "tests: downloading $name with pip"
if ! python3 -m pip install --quiet --disable-pip-version-check --no-input --no-deps \
    --only-binary=:all: --target "$partial" --requirement "tools/$name.txt"; then
    echo "tests: pip could not bring $name, which tests need; its message is above" \
        "(Debian: apt-get install python3-pip)" >&2
    exit 1
fi
chmod 755 "$partial"
touch "$partial/complete"
rm -rf "$place"
mv "$partial" "$place"
