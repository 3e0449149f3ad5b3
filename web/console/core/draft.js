/** Half-filled forms, kept sealed until they are sent. A sign-out takes them away. */
import { effect, signal, computed } from './base.js';
import { device } from './store.js';

const PREFIX = 'draft:';
const found = signal(/** @type {string[]} */ ([]));
/** The keys of the drafts that there are. */
export const draftKeys = computed(() => found.value);

effect(() => {
  const d = device.value;
  found.value = [];
  if (!d) return;
  void d.sealed('answers').then((rows) => {
    if (device.value !== d) return;
    found.value = rows.filter((row) => row.id.startsWith(PREFIX)).map((row) => row.id.slice(PREFIX.length));
  }).catch(() => {});
});

/**
 * The draft of a form. A phone that can keep nothing has none.
 * @param {string} key
 */
export function draft(key) {
  const id = PREFIX + key;
  return {
    /** @returns {Promise<any>} */
    load: async () => (await device.value?.get('answers', id).catch(() => null)) ?? null,
    /** @param {unknown} value */
    save: async (value) => {
      await device.value?.write([{ store: 'answers', id, value }]).catch(() => {});
      if (!found.value.includes(key)) found.value = [...found.value, key];
    },
    clear: async () => {
      await device.value?.write([], [{ store: 'answers', id }]).catch(() => {});
      found.value = found.value.filter((x) => x !== key);
    },
  };
}
