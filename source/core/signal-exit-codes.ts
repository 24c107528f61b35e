/** Exit codes of a process that a signal ends, as shells tell them: 128 plus the signal's number. */
export const signalExitCodes = {SIGHUP: 129, SIGINT: 130, SIGQUIT: 131, SIGTERM: 143} as const;
