import {z} from 'zod';

export const fileChangeSchema = z.object({
	path: z.string(),
	status: z.enum(['added', 'modified', 'deleted']),
	/** Lines; 0 for binary files. */
	added: z.number().int(),
	removed: z.number().int(),
});

export type FileChange = z.infer<typeof fileChangeSchema>;

/** What an attempt changed: a commit whose only parent is the attempt's base. */
export const changeSchema = z.object({
	commit: z.string(),
	base: z.string(),
	files: z.array(fileChangeSchema),
});

export type Change = z.infer<typeof changeSchema>;
