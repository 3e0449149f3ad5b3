/**
 * What a browser can check of a signed head by itself: that the signature belongs to what it says, and that a head that was kept
 * does not contradict the present one. Whether the events are what was sealed takes all of them, and so the command.
 *
 * @typedef {import('./data.js').Head} Head
 * @typedef {'good' | 'bad' | 'unable'} Signed `unable`: this browser knows no Ed25519
 * @typedef {'same' | 'grown' | 'cut' | 'other_digest' | 'other_key' | 'bad' | 'unable' | 'no_head'} Compared
 */

const FORMAT = 'terrace-audit-head/1';

/** @param {string} hex */
function bytes(hex) {
  if (!/^([0-9a-f]{2})+$/i.test(hex)) throw new Error('hex');
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

/** What is signed: the canonical JSON (RFC 8785) of everything but the signature. @param {Head} head */
const signedText = ({ at, digest, format, public_key, seq }) => JSON.stringify({ at, digest, format, public_key, seq });

/** Whether the signature belongs to the head. @param {Head} head @returns {Promise<Signed>} */
export async function checkSignature(head) {
  let key;
  try {
    key = await crypto.subtle.importKey('raw', bytes(head.public_key), { name: 'Ed25519' }, false, ['verify']);
  } catch (error) {
    // A key that is no key is the head's fault; an algorithm that is unknown is the browser's.
    return error instanceof DOMException && error.name === 'NotSupportedError' ? 'unable' : 'bad';
  }
  try {
    const good = await crypto.subtle.verify({ name: 'Ed25519' }, key, bytes(head.signature), new TextEncoder().encode(signedText(head)));
    return good ? 'good' : 'bad';
  } catch {
    return 'bad';
  }
}

/** Reads a head from a file. @param {string} text @returns {Head | null} */
export function readHead(text) {
  try {
    const head = JSON.parse(text);
    const whole = ['at', 'digest', 'public_key', 'signature'].every((name) => typeof head?.[name] === 'string');
    return whole && head.format === FORMAT && Number.isSafeInteger(head.seq) ? head : null;
  } catch {
    return null;
  }
}

/** A head is a few hundred bytes. */
const MOST_BYTES = 10_000;

/** The head in the file that somebody chose, if one was chosen. @param {Event} e of its field @returns {Promise<{ head: Head | null, name: string } | null>} */
export async function chosenHead(e) {
  const field = /** @type {HTMLInputElement} */ (e.target);
  const file = field.files?.[0];
  // The same file can be chosen again.
  field.value = '';
  return file ? { head: file.size > MOST_BYTES ? null : readHead(await file.text()), name: file.name } : null;
}

/**
 * A head that was kept elsewhere against the present one.
 * @param {Head | null} kept
 * @param {Head} now
 * @returns {Promise<Compared>}
 */
export async function compareHeads(kept, now) {
  if (!kept) return 'no_head';
  if (kept.public_key.toLowerCase() !== now.public_key.toLowerCase()) return 'other_key';
  const signed = await checkSignature(kept);
  if (signed !== 'good') return signed;
  if (kept.seq > now.seq) return 'cut';
  if (kept.seq === now.seq) return kept.digest === now.digest ? 'same' : 'other_digest';
  return 'grown';
}

/** The head as a file that `terrace audit verify` reads. @param {Head} head */
export const headFile = (head) => ({ name: `terrace-audit-head-${head.seq}.json`, text: `${JSON.stringify(head)}\n` });
