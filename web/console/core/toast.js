/** Short notices at the edge of the screen, read out by screen readers. */
export { dismiss, toast, toasts } from './base.js';
