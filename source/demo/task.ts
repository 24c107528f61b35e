/** The task of the demo run. */
export const demoTask =
	'Finish the sales report: write the functions in src/ that are missing, so that all tests pass, including those on the odd lines of sales.csv. Then describe the output in the README.';
