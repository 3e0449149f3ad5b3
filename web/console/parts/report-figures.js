import { html, useState } from '../core/html.js';
import { get } from '../core/api.js';
import { label, language, t, tn } from '../core/i18n.js';
import { count } from '../core/format.js';
import { useAnswer } from '../core/sync.js';
import { State, Note } from './state.js';
import { Answer, Section } from './rows.js';
import { Fold } from './fields.js';
import { yuan } from './figures.js';
import { figureOf, standing } from './report-data.js';

/** What a village's month is about; all other metrics are one tap away. */
const MAIN = () => [
  { code: 'assistance_count', name: t('home.assisted'), unit: t('home.times') },
  { code: 'households_assisted', name: t('home.reached'), unit: t('home.households') },
  { code: 'assistance_amount', name: t('home.amount'), unit: t('record.yuan') },
  { code: 'households_registered', name: t('report.registered'), unit: t('home.households') },
  { code: 'households', name: t('report.standing'), unit: t('home.households') },
  { code: 'persons', name: t('report.persons'), unit: t('report.person_unit') },
];

/** @param {any} figure @param {string} code */
const valueText = (figure, code) => (figure ? (code.endsWith('_amount') ? yuan(figure.value) : count(figure.value)) : t('home.unknown'));

/**
 * The month's figures: what was sent in beside what the records say now, or only what would be sent in.
 * @param {{ view: any, month: string, unsent: number }} props
 */
export function Figures({ view, unsent }) {
  const state = standing(view);
  const sent = view.report && state !== 'none';
  const differs = view.differs && (view.differs.figures || view.differs.content || view.differs.children);
  const kinds = figureOf(view.figures, 'assistance_count')?.by_kind ?? [];
  return html`<${Section} title=${t(sent ? 'report.sent_and_now' : 'report.would_send')}>
    <div class="stackx">
      ${view.nil ? html`<${Note} kind="none"><p>${t('report.nothing_happened')}</p><//>` : null}
      <div class="panel"><table class="sheet">
        <thead><tr><th scope="col">${t('report.figure')}</th>${sent ? html`<th scope="col" class="n">${t('report.when_sent')}</th>` : null}<th scope="col" class="n">${t('report.now')}</th></tr></thead>
        <tbody>${MAIN().map((m) => {
          const now = figureOf(view.figures, m.code);
          const then = figureOf(view.report?.figures, m.code);
          const moved = sent && then && now && then.value !== now.value;
          return html`<tr key=${m.code}><th scope="row">${m.name} <span class="dim tiny">${m.unit}</span></th>
            ${sent ? html`<td class="n"><b>${valueText(then, m.code)}</b></td>` : null}
            <td class="n">${moved ? html`<span class="sr">${t('report.differs_here')}</span><${State} kind="changed" />` : null} ${sent ? valueText(now, m.code) : html`<b>${valueText(now, m.code)}</b>`}</td></tr>`;
        })}</tbody>
      </table></div>
      ${differs ? html`<${Note} kind="changed"><p>${t('report.differs')}</p><//>` : null}
      ${unsent ? html`<${Note} kind="wait"><p>${tn('report.unsent_not_counted', unsent)}</p><//>` : null}
      ${kinds.length ? html`<${Fold} title=${t('report.by_kind')} aside=${tn('report.kinds', kinds.length)}><table class="sheet"><tbody>
        ${kinds.map((/** @type {any} */ k) => html`<tr key=${k.code}><th scope="row">${label('assistance_kind', k.code)}</th><td class="n">${count(k.value)} <span class="dim tiny">${t('home.times')}</span></td></tr>`)}
      </tbody></table><//>` : null}
      <${All} figures=${view.figures} />
    </div>
  <//>`;
}

/** Every metric of the report that is not nothing. @param {{ figures: any[] }} props */
function All({ figures }) {
  const [open, setOpen] = useState(false);
  const main = MAIN().map((m) => m.code);
  const others = figures.filter((f) => f.value !== 0 && !main.includes(f.metric));
  if (!others.length) return null;
  return html`<${Fold} title=${t('report.others')} aside=${tn('report.items', others.length)} open=${open}
    onToggle=${setOpen}>${open ? html`<${Named} figures=${others} />` : null}<//>`;
}

/** @param {{ figures: any[] }} props */
function Named({ figures }) {
  const answer = useAnswer('metrics', () => get('/metrics'));
  const say = (/** @type {any} */ names) => (language.value === 'en' ? names.en : names.zh);
  return html`<${Answer} answer=${answer}>${(/** @type {any} */ page) => html`<table class="sheet"><tbody>${figures.map((f) => {
    const metric = page.items.find((/** @type {any} */ m) => m.code === f.metric);
    const money = metric?.unit.en === 'fen';
    return html`<tr key=${f.metric}><th scope="row">${metric ? say(metric.name) : f.metric}</th>
      <td class="n">${money ? yuan(f.value) : count(f.value)}${f.of === undefined ? '' : t('report.of', { of: count(f.of) })} <span class="dim tiny">${money ? t('record.yuan') : metric ? say(metric.unit) : ''}</span></td></tr>`;
  })}</tbody></table>`}<//>`;
}
