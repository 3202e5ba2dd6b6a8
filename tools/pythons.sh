# Sourced by tools/wheel-test.sh.

# One interpreter of each version, as "3.11.7 PATH": python3 first, then the others on PATH, then pyenv's. A shim that leads nowhere, and a Python
# that cannot make environments, do not count.
pythons() {
  {
    command -v python3
    (IFS=:; for folder in $PATH; do ls "$folder"/python3.[0-9][0-9] 2>/dev/null || true; done)
    if command -v pyenv >/dev/null; then ls "$(pyenv root)"/versions/*/bin/python3.[0-9][0-9] 2>/dev/null || true; fi
  } | while read -r python; do
    "$python" -c 'import ensurepip, platform, sys, venv
if sys.version_info >= (3, 11): print(platform.python_version(), sys.executable)' 2>/dev/null || true
  done | awk '{ split($1, part, "."); if (!seen[part[1] "." part[2]]++) print }'
}
