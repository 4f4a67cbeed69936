# Sourced by scripts/test and .ci/run: runs each check under a heading with its time, goes on after a failure, and closes
# with one line 'N passed, N failed' that adds up what every runner counted. Logs stay in .artifacts/logs.

logs=$PWD/.artifacts/logs
mkdir -p "$logs"
summary=()
total_passed=0
total_failed=0

# section NAME COMMAND...: one heading, one log, one line in the summary.
section() {
    local name=$1 log status started=$SECONDS
    shift
    log=$logs/${name// /-}.log
    printf '\n==== %s\n' "$name"
    "$@" </dev/null 2>&1 | tee "$log"
    status=${PIPESTATUS[0]}
    count "$log" "$status"
    total_passed=$((total_passed + passed))
    total_failed=$((total_failed + failed))
    local word=ok
    [ "$status" = 0 ] || word=FAILED
    summary+=("$(printf '%-7s %-14s %5d passed, %d failed  %4d s' "$word" "$name" "$passed" "$failed" $((SECONDS - started)))")
}

# count LOG STATUS: sets passed and failed from the runner's own closing lines; a check without such a line is one test.
count() {
    passed=0
    failed=0
    local line number plain='^([a-z]+: )?([0-9]+) passed, ([0-9]+) failed'
    local testing='Test run with ([0-9]+) tests? in [0-9]+ suites? (passed|failed)'
    while IFS= read -r line; do
        if [[ $line =~ $plain ]]; then
            passed=$((passed + BASH_REMATCH[2]))
            failed=$((failed + BASH_REMATCH[3]))
        elif [[ $line =~ $testing ]]; then
            number=${BASH_REMATCH[1]}
            if [ "${BASH_REMATCH[2]}" = passed ]; then passed=$((passed + number)); else
                local broken
                broken=$(grep -E '^[^ ]+ Test .* failed after ' "$1" | grep -vc ' Test run ' || true)
                failed=$((failed + broken))
                passed=$((passed + number - broken))
            fi
        fi
    done <"$1"
    if [ "$2" != 0 ]; then
        [ "$failed" -gt 0 ] || failed=1
    elif [ $((passed + failed)) = 0 ]; then
        passed=1
    fi
}

# finish: the summary and the closing line; its status is the script's.
finish() {
    printf '\n==== summary (%d s in all)\n' "$SECONDS"
    printf '%s\n' "${summary[@]}"
    printf '%d passed, %d failed\n' "$total_passed" "$total_failed"
    [ "$total_failed" = 0 ]
}
