#!/bin/sh
# Installs the wheel twice, outside the checkout: bare, as the validator without any dependency, and whole, as suite and server. Both must work there.
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
bare/bin/callproof stubs --lang python --out stubs
# The contract is shown, found and compared on the bare installation, with what earlier releases promised.
bare/bin/callproof contract show Dial > shown
grep -q "openapi/operations/Dial.yaml#needs-a-destination" shown
test -s "$(bare/bin/callproof contract path openapi.json)"
folder=$(bare/bin/callproof contract path)
bare/bin/callproof contract diff "$folder" "$folder"
code=0
bare/bin/callproof contract diff 0.1.0 "$checkout/dist" > compared || code=$?
if [ "$code" != 1 ]; then echo "contract diff 0.1.0 ends with $code" >&2; exit 1; fi
installed=$(bare/bin/python -m pip --disable-pip-version-check list --format freeze | sed 's/[ =].*//' | sort | tr '\n' ' ')
case "$installed" in
  "callproof pip " | "callproof pip setuptools ") ;;
  *) echo "the bare wheel brings more than itself: $installed" >&2; exit 1 ;;
esac
# What needs an extra says so in one sentence, with the code of a command that cannot start.
for command in "callproof run --out bare-results" "callproof contract bundle $checkout --out bundles" "refswitch serve" "refswitch init"; do
  code=0
  bare/bin/$command 2> said || code=$?
  cat said >&2
  if [ "$code" != 4 ] || [ "$(wc -l < said)" != 1 ] || ! grep -q 'pip install "callproof\[' said; then
    echo "$command: does not name its extra in one line with code 4, but ends with $code" >&2; exit 1
  fi
done

python3 -m venv whole
whole/bin/python -m pip --disable-pip-version-check --quiet install --require-hashes -r "$checkout/requirements/run.txt"
whole/bin/python -m pip --disable-pip-version-check --quiet install --no-deps "$wheel"
whole/bin/python -m pip check
whole/bin/callproof run --out results
whole/bin/callproof contract bundle "$checkout" --out bundles
cmp bundles/openapi.json "$checkout/dist/openapi.json"
test -s results/report.html
# The seats file that init writes works as it is.
whole/bin/refswitch init
whole/bin/refswitch serve --seats seats.yaml --port 0 --stop-with-stdin < /dev/null > served
cat served
grep -q "15002 (Carol Clark)   from seats.yaml" served
