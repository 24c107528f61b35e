import {readFileSync} from 'node:fs';
import {Ajv, type ErrorObject, type ValidateFunction} from 'ajv';
import {isJsonObject, parseJson, type JsonSchema} from '../../source/core/json.ts';

/** Where a type of a package and the wire differ. */
export type Exception = {
	/** The type as the package names it; behind slashes the fields that lead to an object within it. */
	readonly type: string;
	readonly because: string;
	/** Fields that the wire has and the type does not. */
	readonly adds?: Readonly<Record<string, JsonSchema>>;
	/** Fields that the type describes otherwise. */
	readonly instead?: Readonly<Record<string, JsonSchema>>;
	/** Fields that the type always has and the wire does not. */
	readonly lacks?: readonly string[];
};

/** What holds for a type beyond what TypeScript can say of it. */
export type Demands = Readonly<Record<string, JsonSchema>>;

export type WireSchemas = {
	readonly package: string;
	readonly version: string;
	/** What is wrong with a value of that type, a line each. */
	problems(type: string, value: unknown): readonly string[];
	/** The exceptions that no value has needed so far, each field as `Type/field`. */
	needless(): readonly string[];
};

/**
 * The schemas in a file that `npm run wire-schemas` has written. An object has no field that its type
 * does not name. Demands may use the formats `json-object` (text) and `date-time`. Throws for
 * exceptions and demands that do not fit the types.
 */
export function readWireSchemas(
	name: string,
	exceptions: readonly Exception[] = [],
	demands: Demands = {},
): WireSchemas {
	const file = new URL(`../fixtures/wire/${name}.json`, import.meta.url);
	const {definitions, ...about} = JSON.parse(readFileSync(file, 'utf8')) as Fixture;
	const unused = new Set(exceptions.flatMap(exception => except(definitions, exception)));

	for (const [type, demand] of Object.entries(demands)) {
		typeIn(definitions, type).allOf = [demand];
	}

	tellApart(definitions, definitions);
	const ajv = createAjv(place => unused.delete(place)).addSchema({$id: 'wire', definitions});
	const compiled = new Map<string, ValidateFunction>();
	const validatorOf = (type: string) => {
		const validate = compiled.get(type) ?? ajv.compile({$ref: `wire#/definitions/${type}`});
		compiled.set(type, validate);
		return validate;
	};
	return {
		...about,
		problems(type, value) {
			const validate = validatorOf(memberFor(definitions, type, value));
			return validate(value) ? [] : (validate.errors ?? []).map(line);
		},
		needless: () => [...unused],
	};
}

type Fixture = {
	readonly package: string;
	readonly version: string;
	readonly definitions: Definitions;
};
type Definitions = Readonly<Record<string, Schema>>;
type Schema = {
	properties?: Record<string, Schema>;
	required?: readonly string[];
	allOf?: readonly JsonSchema[];
	/** The place of an exception that is needed where this field is. */
	excepted?: string;
	/** The places of exceptions that are needed where these fields are not. */
	mayLack?: Readonly<Record<string, string>>;
	anyOf?: readonly Schema[];
	readonly oneOf?: readonly Schema[];
	readonly $ref?: string;
	readonly const?: unknown;
};

function createAjv(onNeeded: (place: string) => void): Ajv {
	return new Ajv({allErrors: true, strictTypes: false, discriminator: true})
		.addFormat('date-time', text => !Number.isNaN(Date.parse(text)))
		.addFormat('json-object', text => isJsonObject(parseJson(text)))
		.addKeyword({
			keyword: 'excepted',
			validate(place: string) {
				onNeeded(place);
				return true;
			},
		})
		.addKeyword({
			keyword: 'mayLack',
			type: 'object',
			validate(places: Readonly<Record<string, string>>, value: object) {
				Object.entries(places)
					.filter(([field]) => !(field in value))
					.forEach(([, place]) => onNeeded(place));
				return true;
			},
		});
}

function typeIn(definitions: Definitions, type: string): Schema {
	const found = definitions[type];
	if (found === undefined) {
		throw new Error(`The package has no type ${type} on the wire.`);
	}

	return found;
}

/** The fields that it is about. */
function except(definitions: Definitions, exception: Exception): readonly string[] {
	const {type, because, adds = {}, instead = {}, lacks = []} = exception;
	const [name = '', ...fields] = type.split('/');
	const object = fields.reduce(
		(schema, field) => schema.properties?.[field] ?? {},
		typeIn(definitions, name),
	);
	const {properties = {}, required = []} = object;
	const unfit = [
		...Object.keys(adds).filter(field => field in properties),
		...Object.keys(instead).filter(field => !(field in properties)),
		...lacks.filter(field => !required.includes(field)),
	];
	if (unfit.length > 0) {
		throw new Error(`${type} is not as an exception has it (${unfit.join(', ')}): ${because}`);
	}

	const place = (field: string) => `${type}/${field}`;
	object.required = required.filter(field => !lacks.includes(field));
	object.mayLack = {
		...object.mayLack,
		...Object.fromEntries(lacks.map(field => [field, place(field)])),
	};
	object.properties = {...properties};
	for (const [field, schema] of Object.entries({...adds, ...instead})) {
		object.properties[field] = {allOf: [schema], excepted: place(field)};
	}

	return [...Object.keys({...adds, ...instead}), ...lacks].map(place);
}

/** Unions whose members differ in one word: only the member that a value names is held against it. */
function tellApart(definitions: Definitions, schema: object): void {
	const {anyOf: members = []} = schema as Schema;
	const types = members.map(({$ref}) => ($ref ? definitions[nameIn($ref)] : undefined));
	const word = members.length > 0 && ['type', 'role'].find(field => differIn(field, types));
	if (word) {
		delete (schema as Schema).anyOf;
		Object.assign(schema, {type: 'object', discriminator: {propertyName: word}, oneOf: members});
	}

	for (const inner of Object.values(schema)) {
		if (typeof inner === 'object' && inner !== null) {
			tellApart(definitions, inner);
		}
	}
}

function differIn(field: string, types: readonly (Schema | undefined)[]): boolean {
	const words = types.map(type =>
		type?.required?.includes(field) ? type.properties?.[field]?.const : undefined,
	);
	return !words.includes(undefined) && new Set(words).size === words.length;
}

/** The member of a union of types that a value names, or the type itself. */
function memberFor(definitions: Definitions, type: string, value: unknown): string {
	const word =
		typeof value === 'object' && value !== null && 'type' in value ? value.type : undefined;
	const members = (typeIn(definitions, type).oneOf ?? []).map(({$ref = ''}) => nameIn($ref));
	return members.find(name => definitions[name]?.properties?.['type']?.const === word) ?? type;
}

function nameIn(reference: string): string {
	return decodeURIComponent(reference.replace('#/definitions/', ''));
}

function line({instancePath, message, params}: ErrorObject): string {
	return `${instancePath}: ${message} ${JSON.stringify(params)}`;
}
