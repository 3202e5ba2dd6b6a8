# Sourced by bash scripts that run steps one after the other. The first step that fails ends the script with its exit code;
# in any case a table at the end says what ran, how often, and how many minutes it took.

steps_done=()
step_name= step_runs= step_began=

# step NAME COMMAND...
step() { steps 1 "$@"; }

# steps TIMES NAME COMMAND...
steps() {
  local times=$1
  step_name=$2 step_runs=0 step_began=$SECONDS
  shift 2
  while ((step_runs < times)); do
    printf '\n== %s (%d of %d)\n' "$step_name" $((step_runs + 1)) "$times"
    "$@"
    step_runs=$((step_runs + 1))
  done
  printf '== %s took %s minutes\n' "$step_name" "$(minutes $((SECONDS - step_began)))"
  end_step ''
}

# A number of seconds in minutes, with a tenth.
minutes() { printf '%d.%d' $(($1 / 60)) $(($1 % 60 / 6)); }

end_step() {
  steps_done+=("$(printf '%-40s %5d %8s%s' "$step_name" "$step_runs" "$(minutes $((SECONDS - step_began)))" "$1")")
  step_name=
}

tell_steps() {
  [ -z "$step_name" ] || end_step '  failed in the next run'
  printf '\n%-40s %5s %8s\n' step runs minutes
  printf '%s\n' "${steps_done[@]}"
  printf '%-40s %5s %8s\n' total '' "$(minutes "$SECONDS")"
}
trap tell_steps EXIT
