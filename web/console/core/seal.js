/**
 * What the phone keeps is sealed with AES-GCM under a key of the account, which the server gives to whoever signs in. Each value
 * is bound to its store, account and id, so that one cannot be put in another's place.
 *
 * @typedef {{ iv: Uint8Array<ArrayBuffer>, data: ArrayBuffer }} Sealed
 */

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** @param {string[]} place store, account and id */
const bound = (place) => encoder.encode(place.join('\n'));

/**
 * The key that the server gave, in a form that can be used and not be read.
 * @param {string} text 32 bytes in base64url
 */
export function keyOf(text) {
  const bytes = Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));
  return crypto.subtle.importKey('raw', bytes, 'AES-GCM', false, ['encrypt', 'decrypt']);
}

/**
 * @param {CryptoKey} key
 * @param {string[]} place
 * @param {unknown} value
 * @returns {Promise<Sealed>}
 */
export async function seal(key, place, value) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const algorithm = { name: 'AES-GCM', iv, additionalData: bound(place) };
  return { iv, data: await crypto.subtle.encrypt(algorithm, key, encoder.encode(JSON.stringify(value))) };
}

/**
 * @param {CryptoKey} key
 * @param {string[]} place
 * @param {Sealed} sealed
 * @returns {Promise<any>}
 */
export async function unseal(key, place, { iv, data }) {
  const algorithm = { name: 'AES-GCM', iv, additionalData: bound(place) };
  return JSON.parse(decoder.decode(await crypto.subtle.decrypt(algorithm, key, data)));
}

/** A short name for something that is not to be kept in clear. @param {string} text */
export async function nameFor(text) {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', encoder.encode(text)));
  return Array.from(digest.subarray(0, 12), (b) => b.toString(16).padStart(2, '0')).join('');
}
