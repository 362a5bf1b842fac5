# Read by the other commands here, not run by itself: the way to this folder, and the virtual environment .venv in it.
# shellcheck shell=sh

fail() {
    printf '%s\n' "$1" >&2
    exit 1
}

# Where this is set, every process compiles all of the portal's modules anew.
unset PYTHONDONTWRITEBYTECODE

# A relative DATA_DIR means: from where the command was typed.
case "${DATA_DIR:-}" in
    "" | /* | "~"*) ;;
    *) export DATA_DIR="$PWD/$DATA_DIR" ;;
esac
cd "$(dirname "$(readlink -f "$0")")/.." || exit 1
here=$(pwd -P)
python=.venv/bin/python

find_python() {
    for found in "${PYTHON:-python3}" python3.11 python3.12 python3.13 python3.14; do
        if "$found" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            return
        fi
    done
    fail "The portal needs Python 3.11 or newer, and here is $(python3 --version 2>/dev/null || echo none): install it (Debian 12: apt install python3 python3-venv), or name one: PYTHON=/path/to/python3 bin/run"
}

# What is installed, as lines "file checksum version"; a file that changed is installed anew.
mark() {
    printf '%s %s %s\n' "$1" "$(cksum <"$1" | tr ' ' '-')" "$("$python" -c 'import sys; print(*sys.version_info[:2], sep=".")' 2>/dev/null)"
}

installed() {
    [ -x "$python" ] && [ -f .venv/installed ] && grep -qxF "$(mark "$1")" .venv/installed
}

# prepare FILE [FILE...]: after it, .venv holds the packages of the first file; the others are contained in it.
prepare() {
    installed "$1" && return
    # Two commands at once wait for each other. The lock is on this file, so it works in any folder.
    exec 9<bin/setup.sh
    if command -v flock >/dev/null; then flock 9; fi
    if ! installed "$1"; then
        find_python
        "$found" -c 'import venv, ensurepip' 2>/dev/null ||
            fail "Python's venv module is missing: install it (Debian: apt install python3-venv) and start again."
        install_packages "$@"
    fi
    exec 9<&-
}

install_packages() {
    if ! "$python" -c "import pip, sys; sys.exit('%d.%d' % sys.version_info[:2] != '$("$found" -c 'import sys; print("%d.%d" % sys.version_info[:2])')')" 2>/dev/null; then
        said=$("$found" -m venv --clear .venv 2>&1) || explain "$said"
    fi
    echo "Installing the packages of $1 (a minute or two, only when they change) …"
    said=$(PIP_ROOT_USER_ACTION=ignore "$python" -m pip install --quiet --disable-pip-version-check --no-input \
        --retries 2 --timeout 20 --only-binary :all: --require-hashes -r "$1" 2>&1) || explain "$said"
    said=$( (: >.venv/installed) 2>&1) || explain "$said"
    for file in "$@"; do mark "$file" >>.venv/installed; done
}

# Turn a tool's last words into what to do.
explain() {
    free=$({ df -Pk .venv || df -Pk .; } 2>/dev/null | awk 'NR == 2 { print $4 }')
    case "$1" in
        *"No space left"* | *"Disk quota exceeded"*) free=0 ;;
        *"Read-only file system"* | *"Permission denied"*)
            fail "The folder $here cannot be written: copy the portal to a folder of your own and start it there." ;;
        *"DO NOT MATCH THE HASHES"*)
            fail "A package that arrived is not the one that was reviewed, so nothing was installed: check the package index that pip uses." ;;
        *"Temporary failure in name"* | *"Name or service not known"* | *"NewConnectionError"* | *"Network is unreachable"* | *"ProxyError"* | *"ConnectTimeout"* | *"from versions: none"* | *"Connection refused"*)
            fail "The packages could not be fetched: connect this machine to the internet, or to a package index (pip config), and start again." ;;
    esac
    if [ "${free:-0}" -lt 100000 ]; then
        fail "The disk that holds $here is full: free about 500 MB and start again."
    fi
    printf '%s\n' "$1" >&2
    fail "The packages could not be installed; the words above are pip's own. Remove the folder .venv and start again."
}
