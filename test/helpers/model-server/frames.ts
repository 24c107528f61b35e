import type {Json} from '../../../source/core/json.ts';

export const event = (name: string, value: Json) => `event: ${name}\n${data(value)}`;
export const data = (value: Json) => `data: ${JSON.stringify(value)}\n\n`;
export const line = (value: Json) => `${JSON.stringify(value)}\n`;
