/** An answer as it goes over the wire: all that comes before the end mark, and the end mark. */
export type Rendered = {
	readonly contentType: string;
	readonly chunks: readonly string[];
	readonly end: readonly string[];
};
