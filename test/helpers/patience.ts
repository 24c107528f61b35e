/**
 * How long tests wait for what has to come, in ms. Nothing takes that long, but a machine that is busy
 * with twenty other things may; what comes sooner is not waited for.
 */
export const patienceMs = 120_000;

/** The same for `vi.waitFor` and `expect.poll`, with how often they look. */
export const patience = {timeout: patienceMs, interval: 20};
