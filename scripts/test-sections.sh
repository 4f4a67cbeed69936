# Sourced by scripts/test and .ci/run, after sections.sh.
section swift swift test --parallel --skip TraceNodeTests
# Apart: these wait for sockets, and the others fill every core.
section node swift test --parallel --filter TraceNodeTests
for run in Tests/*/run; do
    section "$(basename "$(dirname "$run")" | tr '[:upper:]' '[:lower:]')" "$run"
done
