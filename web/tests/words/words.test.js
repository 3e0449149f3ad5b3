// Both languages say the same things, and everything that is said is used.
import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { test } from 'node:test';

const console_ = new URL('../../console/', import.meta.url);

/** @param {string} phase @param {string} language @returns {Promise<Record<string, string>>} */
const words = async (phase, language) => (await import(new URL(`words/${phase}.${language}.js`, console_).href)).default;

/** Each file of words, by what stands before its language: those of the phone, and one for each area of the desk. */
const phases = (await readdir(new URL('words/', console_))).filter((file) => file.endsWith('.zh-CN.js')).map((file) => file.replace('.zh-CN.js', ''));

/** The files that may say something, without the words themselves and the libraries. */
async function sources() {
  const files = await readdir(console_, { recursive: true });
  const own = files.filter((file) => file.endsWith('.js') && !/^(vendor|words)\b/.test(file)).sort();
  return Promise.all(own.map(async (file) => ({ file, text: await readFile(new URL(file, console_), 'utf8') })));
}

/** @param {string} text */
const placeholders = (text) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();

for (const phase of phases) {
  test(`${phase}: both languages have the same keys with the same placeholders`, async () => {
    const [chinese, english] = await Promise.all([words(phase, 'zh-CN'), words(phase, 'en')]);
    assert.deepEqual(Object.keys(english).sort(), Object.keys(chinese).sort());
    for (const [key, text] of Object.entries(chinese)) {
      assert.deepEqual(placeholders(english[key] ?? ''), placeholders(text), key);
      assert.notEqual(text.trim(), '', key);
      assert.notEqual(english[key]?.trim(), '', key);
    }
  });

  test(`${phase}: what is said in English has no Chinese in it`, async () => {
    const chinese = Object.entries(await words(phase, 'en')).filter(([, text]) => /\p{Script=Han}/u.test(text));
    // The switch between the languages names each in itself.
    assert.deepEqual(chinese.filter(([, text]) => text !== '中文'), []);
  });
}

test('no key is in two phases', async () => {
  const seen = new Map();
  const twice = [];
  for (const phase of phases) {
    for (const key of Object.keys(await words(phase, 'zh-CN'))) {
      if (seen.has(key)) twice.push(`${key}: ${seen.get(key)}, ${phase}`);
      seen.set(key, phase);
    }
  }
  assert.deepEqual(twice, []);
});

test('every key that is asked for exists, and every key is asked for', async () => {
  const all = new Set();
  for (const phase of phases) {
    Object.keys(await words(phase, 'zh-CN')).forEach((key) => all.add(key));
  }
  const files = await sources();
  const missing = [];
  const used = new Set();
  const beginnings = new Set();
  for (const { file, text } of files) {
    for (const [, call, key = ''] of text.matchAll(/\b(tn?)\(\s*'([a-z][\w.-]*)'/g)) {
      for (const wanted of call === 'tn' ? [`${key}.one`, `${key}.many`] : [key]) {
        used.add(wanted);
        if (!all.has(wanted)) {
          missing.push(`${file}: ${wanted}`);
        }
      }
    }
    // A key that stands anywhere as a string, such as in a table; one whose end depends on something, t(`state.${state}`).
    for (const [, key] of text.matchAll(/'([a-z]\w*(?:\.[\w-]+)+)'/g)) {
      used.add(key);
      used.add(`${key}.one`);
      used.add(`${key}.many`);
    }
    for (const [, beginning = ''] of text.matchAll(/`([a-z]\w*\.[\w.-]*)\$\{/g)) {
      beginnings.add(beginning);
    }
  }
  assert.deepEqual(missing, [], 'asked for, but in no file of words');
  const unused = [...all].filter((key) => !used.has(key) && ![...beginnings].some((beginning) => key.startsWith(beginning)));
  assert.deepEqual(unused, [], 'in the files of words, but never asked for');
});

test('what is shown stands in the files of words alone', async () => {
  const chinese = (await sources()).flatMap(({ file, text }) =>
    // Comments may speak of what they like, patterns match what people type, and the languages name themselves.
    text
      .replaceAll(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm, '')
      .replaceAll(/\/\[[^\]]*\]\/g|'中文'/g, '')
      .split('\n')
      .filter((line) => /\p{Script=Han}/u.test(line))
      .map((line) => `${file}: ${line.trim()}`),
  );
  assert.deepEqual(chinese, []);
});
