import { money } from '../core/format.js';

/** An amount as a headline: without its fen where there are none. @param {number} fen */
export const yuan = (fen) => money(fen).replace(/\.00$/, '');
