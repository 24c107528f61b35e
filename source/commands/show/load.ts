/** Loads the full-screen view; whoever does not show it does not pay for it. */
export async function loadUi() {
	const [{openApp}, {themeOf}] = await Promise.all([
		import('../../ui/open-app.tsx'),
		import('../../ui/theme.ts'),
	]);
	return {openApp, themeOf};
}
