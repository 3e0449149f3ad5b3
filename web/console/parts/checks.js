/** What can be checked about a person's numbers before they are sent. Pure: a day is given, never taken from the clock. */

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/**
 * Whether such a day exists.
 * @param {string} day YYYY-MM-DD
 */
export function isDay(day) {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) return false;
  const at = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().slice(0, 10) === day;
}

/**
 * What is wrong with an identity number (GB 11643): its length, its check character (ISO 7064 MOD 11-2) or its birthday.
 * The region is not looked at: numbers that were issued before regions were renumbered are valid.
 * @param {string} number in upper case, without spaces
 * @param {string} today
 * @returns {'length' | 'check' | 'birth' | null}
 */
export function identityFault(number, today) {
  if (!/^\d{17}[\dX]$/.test(number)) return 'length';
  const birth = birthOf(number);
  const oldest = `${Number(today.slice(0, 4)) - 120}${today.slice(4)}`;
  if (!isDay(birth) || birth > today || birth < oldest) return 'birth';
  const sum = WEIGHTS.reduce((all, weight, n) => all + weight * Number(number[n]), 0);
  return '10X98765432'[sum % 11] === number[17] ? null : 'check';
}

/** The birthday in an identity number. @param {string} number */
export const birthOf = (number) => `${number.slice(6, 10)}-${number.slice(10, 12)}-${number.slice(12, 14)}`;

/** An identity number as it is kept. @param {string} typed */
export const identityOf = (typed) => typed.replace(/[\s-]/g, '').replace(/[ｘＸx]/g, 'X');

/** A mobile number as it is kept. @param {string} typed */
export const phoneOf = (typed) => typed.replace(/[\s-]/g, '').replace(/^(\+86|0086)/, '');

/** @param {string} phone */
export const isMobile = (phone) => /^1[3-9]\d{9}$/.test(phone);

/**
 * Whether free text holds an identity or mobile number: the server refuses it, and it is better known at once.
 * @param {string} text
 */
export function holdsPersonalNumber(text) {
  const digits = text.replace(/[\s-]/g, '');
  return /(?<!\d)\d{17}[\dXx](?!\d)/.test(digits) || /(?<!\d)1[3-9]\d{9}(?!\d)/.test(digits);
}
