import { html, useState } from '../core/html.js';
import { get } from '../core/api.js';
import { t, tn } from '../core/i18n.js';
import { useAnswer } from '../core/sync.js';
import { go } from '../core/router.js';
import { State } from './state.js';
import { ReadAt, Row, Rows, Section, faultText } from './rows.js';
import { householdOf, householdName } from './households.js';
import { ruleName, useRules } from './report-data.js';
import { can } from '../core/session.js';

/**
 * What the rules find at a point itself and what waits for a word.
 * @param {string} point @param {string} month
 */
export function useDoubts(point, month) {
  const answer = useAnswer(can('doubtful.read', point) ? `doubts:${point}:${month}` : '', () => get('/doubtful-items', { service_point_id: point, month, state: 'open', limit: '100' }));
  const own = (answer.value?.items ?? []).filter((/** @type {any} */ d) => d.service_point_id === point);
  const rules = useRules(own.length > 0);
  return { answer, own, rules, reload: answer.reload };
}

/** @param {{ items: any[], rules: any, answer: any }} props */
export function Doubts({ items, rules, answer }) {
  const [fault, setFault] = useState('');
  if (!items.length) return null;
  // An item names its subject by its id alone; a member is looked up for the household it lives in.
  const leads = { household: open, assistance_record: open, household_member: open };
  async function open(/** @type {any} */ item) {
    setFault('');
    try {
      if (item.subject === 'household') go(`/household/${item.subject_id}`);
      else if (item.subject === 'assistance_record') go(`/record/${item.subject_id}`);
      else go(`/household/${(await get(`/members/${item.subject_id}`)).household_id}`);
    } catch (error) {
      setFault(faultText(error));
    }
  }
  return html`<${Section} title=${t('report.doubts_title')} aside=${tn('report.items', items.length)}>
    <${Rows}>${items.map((item) => html`<${Row} key=${`${item.rule} ${item.subject_id}`}
      onClick=${item.subject in leads ? () => open(item) : undefined}
      before=${html`<${State} kind=${item.severity === 'error' ? 'error' : 'doubt'} word=${html`<span class="sr">${t(item.severity === 'error' ? 'report.error' : 'report.doubt')}</span>`} />`}>
      <b>${ruleName(rules, item.rule) || t('report.doubt')}</b>
      ${item.subject === 'household' && householdOf(item.subject_id) ? html`<br /><span class="dim tiny">${householdName(item.subject_id)}</span>` : null}
    <//>`)}<//>
    ${fault ? html`<p class="fault" role="alert">${fault}</p>` : null}
    <${ReadAt} answer=${answer} />
  <//>`;
}
