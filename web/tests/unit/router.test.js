import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseRoute } from '../../console/core/router.js';

test('an address names a page, an id and a query', () => {
  const read = (/** @type {string} */ hash) => {
    const { name, id, query } = parseRoute(hash);
    return [name, id, query.toString()];
  };
  assert.deepEqual(read(''), ['home', undefined, '']);
  assert.deepEqual(read('#/'), ['home', undefined, '']);
  assert.deepEqual(read('#/households'), ['households', undefined, '']);
  assert.deepEqual(read('#/household/019b'), ['household', '019b', '']);
  assert.deepEqual(read('#/log?household=019b&mend='), ['log', undefined, 'household=019b&mend=']);
  assert.deepEqual(read('#/record/a%2Fb'), ['record', 'a/b', '']);
  assert.deepEqual(read('#/record/%'), ['home', undefined, '']);
});
