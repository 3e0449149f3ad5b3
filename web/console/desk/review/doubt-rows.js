/** Doubtful items as a short list, each with the way to what it is about. */
import { html, useState } from '../../core/html.js';
import { get } from '../../core/api.js';
import { label, t } from '../../core/i18n.js';
import { count, money, whenText } from '../../core/format.js';
import { go } from '../../core/router.js';
import { faultText } from '../../parts/rows.js';
import { State } from '../../parts/state.js';
import { ruleName, useRules } from '../../parts/report-data.js';
import { pointName } from '../data.js';
import { TO_COME } from '../naming.js';

/** The number that a rule looked at; an amount where the rule goes by amounts. @param {any} item @param {any} rules */
export function valueOf(item, rules) {
  if (item.value == null) return '';
  const rule = rules?.items?.find((/** @type {any} */ r) => r.code === item.rule);
  return rule?.parameters.some((/** @type {any} */ p) => p.code.endsWith('_fen')) ? t('doubts.yuan', { n: money(item.value) }) : count(item.value);
}

/** What a rule is called; nothing is said by its code while the rules are being read. @param {any} rules @param {string} code */
export const ruleText = (rules, code) => ruleName(rules, code) || (rules ? code : TO_COME);

/** Where else it concerns somebody. @param {any} item */
export const elsewhereOf = (item) => item.elsewhere.map((/** @type {any} */ e) => (e.service_point_id ? pointName(e.service_point_id) : (e.county ?? ''))).filter(Boolean).join(t('review.join'));

/**
 * What opens the thing that an item is about, if there is a page for it. A member is looked up for its household.
 * @param {any} item
 * @returns {(() => Promise<void>) | null}
 */
export function opener(item) {
  const { subject, subject_id: id } = item;
  if (subject === 'household') return async () => go(`/household/${id}`);
  if (subject === 'assistance_record') return async () => go(`/record/${id}`);
  if (subject === 'household_member') return async () => go(`/household/${(await get(`/members/${id}`)).household_id}`);
  if (subject === 'service_point') return async () => go(`/network/${id}`);
  return null;
}

/** The word and the silhouette of an item. @param {{ item: any }} props */
export const Severity = ({ item }) => (item.state === 'explained'
  ? html`<${State} kind="ok" word=${label('doubtful_state', 'explained')} />`
  : html`<${State} kind=${item.severity === 'error' ? 'error' : 'doubt'} word=${label('doubtful_severity', item.severity)} />`);

/** @param {{ items: any[] }} props */
export function DoubtRows({ items }) {
  const rules = useRules(items.length > 0);
  const [fault, setFault] = useState('');
  return html`<ul class="panel rows slim">${items.map((item) => {
    const open = opener(item);
    const also = elsewhereOf(item);
    return html`<li key=${`${item.rule} ${item.subject_id} ${item.month ?? ''}`}><${Severity} item=${item} />
      <div><b>${ruleText(rules, item.rule)}</b> ${pointName(item.service_point_id)}${also ? t('doubts.also', { where: also }) : ''} <span class="dim">${valueOf(item, rules)}</span>
        ${item.explanation ? html`<br /><span class="dim">${t('doubts.said', { text: item.explanation.note, when: whenText(item.explanation.created_at) })}</span>` : item.severity === 'error' ? null : html`<br /><span class="dim">${t('doubts.nothing_said')}</span>`}</div>
      ${open ? html`<button type="button" class="link" onClick=${() => { setFault(''); open().catch((error) => setFault(faultText(error))); }}>${t('doubts.see')}</button>` : null}</li>`;
  })}</ul>
  ${fault ? html`<p class="fault" role="alert">${fault}</p>` : null}`;
}
