/*
 * The parts of undici in use, in a separate file for late loading: bundlers give a dynamically
 * imported CommonJS package only a default export.
 */
export {Agent, fetch, Pool, ProxyAgent} from 'undici';
