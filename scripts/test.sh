#!/usr/bin/env bash
# Run every test there is. What cannot run is an error here, never a skip.
# Arguments go to pytest: scripts/test.sh tests/browser
set -euo pipefail
cd "$(dirname "$0")/.."

missing=()
command -v chromium chromium-browser google-chrome >/dev/null || missing+=(chromium)
compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || command -v initdb >/dev/null || missing+=(postgresql)
command -v node >/dev/null || missing+=(nodejs)
command -v npm >/dev/null || missing+=(npm)

if ((${#missing[@]})); then
    if ((EUID == 0)) && command -v apt-get >/dev/null; then
        apt-get update -qq
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"
    else
        echo "The tests need what is not here. Debian: sudo apt install ${missing[*]}" >&2
        exit 1
    fi
fi

python3 scripts/prepare.py test
# One more than there are processors: a test that waits for a server or a browser leaves its own idle.
workers=$(($(nproc) + 1))
exec .venv/bin/pytest -n "$workers" --dist worksteal --database both "$@"
