// The type declarations of ollama 0.6 name a type of browsers that Node declares in undici-types only.
type HeadersInit = ConstructorParameters<typeof Headers>[0];
