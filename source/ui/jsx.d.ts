import type {JSX as ReactJsx} from 'react';

// Types of ink-spinner name the namespace that React had globally before 19.
declare global {
	namespace JSX {
		type Element = ReactJsx.Element;
	}
}
