#!/bin/sh
# Make .venv from the hash-locked requirements, or leave it when it is current. Called by `make setup`.
set -eu
VENV=.venv
LOCK=requirements/dev.txt
MARK="$VENV/lock"

fits() {
    "$1" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info[:2] not in ((3, 12), (3, 13)))' \
        >/dev/null 2>&1
}

find_python() {
    if [ -n "${PYTHON:-}" ]; then
        if fits "$PYTHON"; then
            echo "$PYTHON"
            return
        fi
        echo "PYTHON=$PYTHON is not a Python 3.13 or 3.12 with venv and ensurepip." >&2
        return 1
    fi
    home="${HOME:-/nonexistent}"
    for version in 3.13 3.12; do
        for candidate in "python$version" "$home"/.pyenv/versions/$version*/bin/python \
            "/usr/local/bin/python$version" "/usr/bin/python$version" "/opt/homebrew/bin/python$version" \
            "$home"/.local/share/uv/python/cpython-$version*/bin/python \
            "$home/.local/bin/python$version"; do
            if fits "$candidate"; then
                echo "$candidate"
                return
            fi
        done
    done
    for candidate in python3 python; do
        if fits "$candidate"; then
            echo "$candidate"
            return
        fi
    done
    echo "No Python 3.13 or 3.12 (with venv) was found. Install one, or name it: make setup PYTHON=/path/to/python" >&2
    return 1
}

hash_of() {
    "$1" -c 'import hashlib, pathlib, sys; print(hashlib.sha256(pathlib.Path(sys.argv[1]).read_bytes()).hexdigest())' \
        "$LOCK"
}

# fast path: the environment stands, was made from this lock, and no other Python is asked for
if [ -z "${PYTHON:-}" ] && [ -f "$MARK" ] && fits "$VENV/bin/python" &&
    [ "$(cat "$MARK")" = "$(hash_of "$VENV/bin/python")" ]; then
    exit 0
fi
python=$(find_python)
if [ -n "${PYTHON:-}" ] && [ -f "$MARK" ] && fits "$VENV/bin/python" &&
    [ "$(cat "$MARK")" = "$(hash_of "$python")" ] &&
    [ "$("$python" -c 'import sys; print(sys.base_prefix)')" = \
        "$("$VENV/bin/python" -c 'import sys; print(sys.base_prefix)')" ]; then
    exit 0
fi
if ! fits "$VENV/bin/python" || [ -n "${PYTHON:-}" ]; then
    echo "Making $VENV with $("$python" -V 2>&1)."
    "$python" -m venv --clear "$VENV"
fi
rm -f "$MARK"
echo "Installing the locked packages."
"$VENV/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r "$LOCK"
hash_of "$VENV/bin/python" >"$MARK"
