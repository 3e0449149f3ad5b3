/** How the person likes to see the console. */
export { deskFrame, elder, phoneOnly, theme, wide } from './base.js';
