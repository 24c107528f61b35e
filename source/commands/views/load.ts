/** Loads the full-screen view, only when it is shown. */
export async function loadUi() {
	const [{openApp}, {themeOf}] = await Promise.all([
		import('../../ui/open-app.tsx'),
		import('../../ui/theme.ts'),
	]);
	return {openApp, themeOf};
}
