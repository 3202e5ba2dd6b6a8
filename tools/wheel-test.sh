#!/bin/sh
# Installs the wheel outside the checkout, with every Python from 3.11 that is found: bare, as the validator without any dependency, and whole,
# as suite and server. Both must work there. Says at the end which versions it tried.
set -eu
wheel=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
checkout=$(pwd)
. "$checkout/tools/pythons.sh"
made_from=$("$checkout/.venv/bin/callproof" --version | grep '^commit ')
cp "$checkout/asyncapi/examples/InitiateConference/1-held.json" "$work/held.json"
sed 's/"duration": "31"/"duration": 31/' "$work/held.json" > "$work/wrong.json"

# try PYTHON: the whole test with this interpreter, in an empty folder.
try() {
  here=$(mktemp -d "$work/XXXXXX")
  cd "$here"
  cp ../held.json ../wrong.json .

  "$1" -m venv bare
  bare/bin/python -m pip --disable-pip-version-check --quiet install "$wheel"
  bare/bin/callproof check held.json
  if bare/bin/callproof check wrong.json; then echo "a duration that is a number passed" >&2; exit 1; fi
  bare/bin/callproof stubs --lang python --out stubs
  bare/bin/callproof contract schemathesis --out recipe
  test -s recipe/callproof_recipe/hooks.py
  # The contract is shown, found and compared on the bare installation, with what earlier releases promised.
  bare/bin/callproof contract show Dial > shown
  grep -q "openapi/operations/Dial.yaml#needs-a-destination" shown
  test -s "$(bare/bin/callproof contract path openapi.json)"
  folder=$(bare/bin/callproof contract path)
  bare/bin/callproof contract diff "$folder" "$folder"
  code=0
  bare/bin/callproof contract diff 0.1.0 "$checkout/dist" > compared || code=$?
  if [ "$code" != 1 ]; then echo "contract diff 0.1.0 ends with $code" >&2; exit 1; fi
  bare/bin/callproof --version | tee said
  if ! grep -qx "$made_from" said; then echo "the wheel does not say $made_from, as the checkout does" >&2; exit 1; fi
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

  "$1" -m venv whole
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
  cd "$work"
  rm -rf "$here"
}

pythons > "$work/pythons"
if ! [ -s "$work/pythons" ]; then echo "no Python from 3.11 was found" >&2; exit 1; fi
while read -r version python; do
  printf '\n== Python %s, %s\n' "$version" "$python"
  try "$python" < /dev/null
done < "$work/pythons"

printf '\nThe wheel works with Python %s.\n' "$(cut -d' ' -f1 "$work/pythons" | paste -sd' ' | sed 's/ /, /g')"
cut -d' ' -f1 "$work/pythons" | cut -d. -f1,2 | sort > "$work/tried"
grep -v '^#' "$checkout/tools/pythons.txt" | sort > "$work/named"
comm -13 "$work/tried" "$work/named" | sed 's/.*/Python & is named in tools\/pythons.txt and was not found here./'
comm -23 "$work/tried" "$work/named" | sed 's/.*/Python & works: name it in tools\/pythons.txt and in the classifiers of pyproject.toml./'
