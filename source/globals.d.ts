// Types of browsers that declarations of libraries name; Node declares them in undici-types, or not
// at all.

/** Ollama 0.6 */
type HeadersInit = ConstructorParameters<typeof Headers>[0];

/** p-queue 10 */
type AddEventListenerOptions = EventListenerOptions & {once?: boolean; signal?: AbortSignal};
