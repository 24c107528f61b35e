#!/usr/bin/env bash
# Starts a run, approves its plan, and says how it ended; exits like the run. Needs jq.
#
#     examples/follow.sh TEAM TASK [OPTION...]
#
# Uses only what docs/events.schema.json says of the lines of `run --json`.
set -u

if (($# < 2)); then
	echo 'usage: follow.sh TEAM TASK [OPTION of llm-orchestrator run...]' >&2
	exit 2
fi

if ! command -v jq >/dev/null; then
	echo 'follow.sh needs jq: install it, for example with apt-get install jq' >&2
	exit 2
fi

if ! command -v llm-orchestrator >/dev/null; then
	echo 'llm-orchestrator is not on the PATH: install it, or run npm link in a checkout' >&2
	exit 2
fi

approve() {
	local run approval kind
	read -r run approval kind < <(jq -r '"\(.run) \(.approval) \(.subject.kind)"' <<<"$1")
	if [[ $kind == plan ]]; then
		llm-orchestrator approve "$run" "$approval" >&2
	else
		echo "waits: llm-orchestrator approve $run $approval" >&2
	fi
}

print_report() {
	jq -r '.report |
		"outcome: \(.outcome): \(.reason)",
		"files: \(.delivered.files // [] | join(", "))",
		"cost: \(.cost.usd // "unknown") US dollars",
		(if .next then "next: \([.hint, .next] | map(values) | join("; then: "))" else empty end),
		"exit code: \(.exitCode)"' <<<"$1"
}

# What went wrong before a run, in a line of type "error", is on standard error too.
llm-orchestrator run "$@" --json --approve ask </dev/null |
	jq --unbuffered -c 'select(.type | IN("approval-requested", "run-finished", "run-stopped"))' |
	while IFS= read -r line; do
		case $(jq -r .type <<<"$line") in
		approval-requested) approve "$line" ;;
		*) print_report "$line" ;;
		esac
	done
exit "${PIPESTATUS[0]}"
