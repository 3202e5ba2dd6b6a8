#!/bin/sh
# Installs the wheel twice, outside the checkout: bare, as the validator, and whole, as suite and server. Both must work there.
set -eu
wheel=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
checkout=$(pwd)
cp "$checkout/asyncapi/examples/InitiateConference/1-held.json" "$here/held.json"
sed 's/"duration": "31"/"duration": 31/' "$here/held.json" > "$here/wrong.json"
cd "$here"

python3 -m venv bare
bare/bin/python -m pip --disable-pip-version-check --quiet install "$wheel"
bare/bin/callproof check held.json
if bare/bin/callproof check wrong.json; then echo "a duration that is a number passed" >&2; exit 1; fi
if bare/bin/callproof run --out bare-results; then echo "run worked without its extra" >&2; exit 1; fi

python3 -m venv whole
whole/bin/python -m pip --disable-pip-version-check --quiet install --require-hashes -r "$checkout/requirements/run.txt"
whole/bin/python -m pip --disable-pip-version-check --quiet install --no-deps "$wheel"
whole/bin/python -m pip check
whole/bin/callproof run --out results
test -s results/report.html
