/** How the person likes to see the console. */
export { elder, theme } from './base.js';
