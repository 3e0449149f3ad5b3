/** Every ledger of the case study, in the order in which they are shown. */
import trade from './books-trade.js';
import people from './books-people.js';
import places from './books-places.js';

/** @typedef {import('./book.js').Book} Book */

/** @type {Book[]} */
export const BOOKS = [...trade, ...people, ...places];

export const GROUPS = [...new Set(BOOKS.map((book) => book.group))];

/** @param {string | undefined} code */
export const bookOf = (code) => BOOKS.find((book) => book.code === code);
