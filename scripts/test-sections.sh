# Sourced by scripts/test and .ci/run, after sections.sh.
section swift swift test --parallel
for run in Tests/*/run; do
    section "$(basename "$(dirname "$run")" | tr '[:upper:]' '[:lower:]')" "$run"
done
