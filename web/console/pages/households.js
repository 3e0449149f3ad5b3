import { html, useState } from '../core/html.js';
import { t } from '../core/i18n.js';
import { can, session } from '../core/session.js';
import { households } from '../core/village.js';
import { Shell } from '../parts/shell.js';
import { Empty, Row, Rows } from '../parts/rows.js';
import { Search, foundText } from '../parts/household-picker.js';
import { About, Marks, useFound } from '../parts/households.js';

const PAGE = 60;

/** The households: found while typing, without a network; above the villages the server is asked as well. */
export default function Households() {
  const [q, setQ] = useState('');
  const [shown, setShown] = useState(PAGE);
  const { found, asking, failed } = useFound(q.trim());
  const here = session.value.here;
  const register = can('households.write', here?.id);
  const fresh = !q && !found.length;
  const above = here !== undefined && here.tier !== 'village';
  return html`<${Shell} title=${t('shell.households')} tab="households"
    dock=${register ? html`<a class="btn main" href="#/register">${t('households.register')}</a>` : null}>
    <${Search} q=${q} set=${(/** @type {string} */ next) => { setQ(next); setShown(PAGE); }} />
    <p class="dim small" role="status">${fresh ? null : foundText(q, found.length, asking, failed) ?? t('households.count', { n: found.length, all: households.value.length })}</p>
    ${fresh ? html`<${Empty} icon=${above ? 'search' : 'people'} text=${t(above ? 'households.type_to_find' : 'households.none')} />` : null}
    ${found.length ? html`<${Rows}>${found.slice(0, shown).map((card) => html`<${Row} key=${card.id} href="#/household/${card.id}"
      after=${html`<${Marks} card=${card} />`}><${About} card=${card} /><//>`)}<//>` : null}
    ${found.length > shown ? html`<button type="button" class="btn"
      onClick=${() => setShown(shown + PAGE)}>${t('households.more', { n: found.length - shown })}</button>` : null}
  <//>`;
}
