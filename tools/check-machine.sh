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

can_install() {
    [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null
}

install() {
    echo "installing $1 for the $2 tests"
    apt-get update -qq
    # A service that comes with it is not started, where nobody has decided otherwise.
    local policy=/usr/sbin/policy-rc.d
    if [ ! -e "$policy" ]; then
        printf '#!/bin/sh\nexit 101\n' > "$policy"
        chmod +x "$policy"
        trap "rm -f '$policy'" EXIT
    fi
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$1" > /dev/null
}

case "${1:-}" in
    browser)
        if ! command -v chromium > /dev/null; then
            can_install || missing "chromium (for the browser tests)" "sudo apt-get install -y chromium"
            install chromium browser
        fi
        ;;
    servers)
        # Redis and NATS, which the tests start for themselves.
        for program in redis-server nats-server; do
            if ! PATH="$PATH:/usr/sbin" command -v "$program" > /dev/null; then
                can_install || missing "$program (for the tests of several processes)" "sudo apt-get install -y $program"
                install "$program" Rust
            fi
        done
        ;;
    operations)
        # Without them, and without root, the tests say what they skip.
        if can_install; then
            PATH="$PATH:/usr/sbin" command -v pgbouncer > /dev/null || install pgbouncer operations
            command -v prometheus-alertmanager > /dev/null || install prometheus-alertmanager operations
        fi
        ;;
esac
