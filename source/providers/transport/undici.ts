/*
 * The parts of undici that are used, in a file of their own so that they can be loaded late: a
 * bundler gives a CommonJS package that is imported dynamically a default export only.
 */
export {Agent, fetch} from 'undici';
