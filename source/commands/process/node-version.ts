/** The version of the Node that runs this program. */
export const nodeVersion = process.versions.node;

/** The oldest supported Node, as required by our libraries. */
const oldest = [22, 18] as const;

export function isSupported(version: string): boolean {
	const [major = 0, minor = 0] = version.split('.').map(Number);
	return major > oldest[0] || (major === oldest[0] && minor >= oldest[1]);
}

export function unsupportedNodeMessage(version: string): string {
	return `llm-orchestrator needs Node ${oldest.join('.')} or newer; this is Node ${version} → https://nodejs.org`;
}
