import assert from 'node:assert/strict';
import { before, mock, test } from 'node:test';
import { addWords, language, setLanguage } from '../../console/core/i18n.js';
import { addMonths, clock, count, dayText, fenOf, money, monthText, newId, thisMonth, today, whenText } from '../../console/core/format.js';

before(() => addWords('first'));

test('a day is a day in China, wherever the phone is', () => {
  mock.timers.enable({ apis: ['Date'], now: Date.parse('2026-10-31T15:59:59Z') });
  assert.equal(today(), '2026-10-31');
  mock.timers.setTime(Date.parse('2026-10-31T16:00:00Z'));
  assert.equal(today(), '2026-11-01');
  assert.equal(thisMonth(), '2026-11');
  assert.equal(clock('2026-10-31T01:05:00Z'), '9:05');
  assert.equal(whenText('2026-10-31T16:20:00Z'), '今天 0:20');
  assert.equal(whenText('2026-10-29T01:12:00Z'), '10月29日 9:12');
  assert.equal(whenText('2025-10-29T01:12:00Z'), '2025年10月29日 9:12');
  mock.timers.reset();
});

test('months and days are written as people say them, in both languages', async () => {
  mock.timers.enable({ apis: ['Date'], now: Date.parse('2026-11-23T04:00:00Z') });
  assert.equal(addMonths('2026-01', -1), '2025-12');
  assert.equal(addMonths('2026-11', 14), '2028-01');
  assert.equal(dayText('2026-10-30'), '10月30日 周五');
  assert.equal(dayText('2025-12-31'), '2025年12月31日 周三');
  assert.equal(monthText('2026-10'), '2026年10月');
  await setLanguage('en');
  assert.equal(language.value, 'en');
  assert.equal(dayText('2026-10-30'), 'Fri 30 Oct');
  assert.equal(monthText('2026-10'), 'October 2026');
  await setLanguage('zh-CN');
  mock.timers.reset();
});

test('numbers and amounts', () => {
  assert.equal(count(0), '0');
  assert.equal(count(6420), '6,420');
  assert.equal(count(-1234567), '-1,234,567');
  assert.equal(money(8650), '86.50');
  assert.equal(money(642005), '6,420.05');
  assert.equal(money(-5), '-0.05');
});

test('an amount is read as it is typed, or not at all', () => {
  for (const [text, fen] of /** @type {[string, number | null][]} */ ([
    ['86.5', 8650], ['86.50', 8650], ['８６．５', 8650], ['1,234', 123400], ['¥12', 1200], ['12元', 1200], ['0', 0], ['3.', 300],
    ['', null], ['.5', null], ['1.234', null], ['-3', null], ['abc', null], ['1e3', null], ['10000000000', 1_000_000_000_000], ['10000000000.01', null],
  ])) assert.equal(fenOf(text), fen, text);
});

test('ids are of version 7 and in the order of their milliseconds', () => {
  mock.timers.enable({ apis: ['Date'], now: 1_000 });
  const first = newId();
  mock.timers.setTime(1_001);
  const second = newId();
  mock.timers.reset();
  assert.match(first, /^00000000-03e8-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.ok(first < second);
  assert.equal(new Set(Array.from({ length: 500 }, newId)).size, 500);
});
