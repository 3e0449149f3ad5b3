/** The place in the console, kept in the address after `#`. */
export { back, go, parseRoute, replace, route } from './base.js';
