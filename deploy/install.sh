#!/bin/sh
# Installs Throughline and exactly the locked versions of what it needs into a folder of its own:
#   deploy/install.sh [TARGET] [PYTHON]
# Every file that is fetched is compared with its hash in requirements.lock. Run again, it makes the folder anew.
set -eu

source=$(cd "$(dirname "$0")/.." && pwd)
target=${1:-/opt/throughline}
python=${2:-python3}

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
	echo "install.sh: $python is older than Python 3.11; name another one: install.sh TARGET PYTHON" >&2
	exit 1
}
"$python" -m venv --clear "$target"
pip="$target/bin/python -m pip --disable-pip-version-check --no-cache-dir --quiet"
$pip install --no-deps --require-hashes -r "$source/requirements.lock"
# The project itself is built from a copy: building writes beside the sources, which may belong to somebody else.
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
cp -R "$source/pyproject.toml" "$source/bot" "$source/adapters" "$copy"
$pip install --no-deps --no-index --no-build-isolation "$copy"
$pip check
"$target/bin/throughline" --version
