/** Reminding those who are late, with their number in the button, and what came of it. */
import { html, useState } from '../../core/html.js';
import { post } from '../../core/api.js';
import { t, tn } from '../../core/i18n.js';
import { count, monthText } from '../../core/format.js';
import { faultText } from '../../parts/rows.js';
import { Icon } from '../../parts/icons.js';
import { Confirm } from '../parts/dialog.js';
import { chasedText } from './decide.js';
import { Tabs } from './head.js';

/**
 * @param {{ late: import('./data.js').Item[], missing: number, point: string, month: string, done: (said: string) => Promise<void> }} props
 *   `late` are the points just below, `missing` how many of the whole subtree have not reported although it is due
 */
export function Chase({ late, missing, point, month, done }) {
  const [asks, setAsks] = useState(false);
  const [whole, setWhole] = useState(false);
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState('');
  const n = whole ? missing : late.length;
  async function chase() {
    setBusy(true);
    setFault('');
    try {
      const told = await post('/reports/chase', whole ? { month, within: point } : { month, service_point_ids: late.map((i) => i.service_point_id) });
      setAsks(false);
      await done(chasedText(told));
    } catch (error) {
      setFault(faultText(error));
    }
    setBusy(false);
  }
  if (!late.length && !missing) return html`<button type="button" class="btn" disabled>${t('review.nobody_late')}</button>`;
  return html`<button type="button" class="btn" onClick=${() => { setWhole(!late.length); setAsks(true); }}><${Icon} name="bell" />${tn('review.chase', late.length || missing)}</button>
    <${Confirm} title=${t('review.chase_title', { month: monthText(month) })} open=${asks} act=${tn('review.chase', n)} busy=${busy} disabled=${!n} onClose=${() => setAsks(false)} onAct=${chase}>
      ${missing > late.length && late.length ? html`<${Tabs} name="chase" label=${t('review.chase_whom')} value=${whole ? 'whole' : 'below'} set=${(/** @type {string} */ v) => setWhole(v === 'whole')}
        options=${[['below', tn('review.chase_below', late.length)], ['whole', tn('review.chase_whole', missing, { n: count(missing) })]]} />` : null}
      ${whole ? html`<p>${t('review.chase_whole_means')}</p>` : html`<p>${late.map((i) => i.name).join(t('review.join'))}</p>`}
      <p class="small dim">${t('review.chase_means')}</p>
      ${fault ? html`<p class="fault" role="alert">${fault}</p>` : null}
    <//>`;
}
