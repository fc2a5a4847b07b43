#!/usr/bin/env bash
# Says what is missing on this machine and how to get it; installs what it can when run as root.
set -euo pipefail

missing() {
    echo "missing: $1. Install it with: $2" >&2
    exit 1
}

for program in cargo node npm python3; do
    command -v "$program" > /dev/null || missing "$program" "see README.md, section 'What you need'"
done
node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' \
    || missing "Node.js 20.19 or later (this is $(node --version))" "your package manager, or nodejs.org"

if [ "${1:-}" = browser ] && ! command -v chromium > /dev/null; then
    if [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null; then
        echo "installing chromium for the browser tests"
        apt-get update -qq
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium > /dev/null
    else
        missing "chromium (for the browser tests)" "sudo apt-get install -y chromium"
    fi
fi
