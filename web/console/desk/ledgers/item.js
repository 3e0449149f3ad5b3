/** One entry or item of a ledger: what it says, what it said before, what belongs to it, and what may be done with it. */
import { html, useEffect, useState } from '../../core/html.js';
import { t } from '../../core/i18n.js';
import { back } from '../../core/router.js';
import { today, whenText } from '../../core/format.js';
import { can, session } from '../../core/session.js';
import { Failed, Loading } from '../../parts/rows.js';
import { Icon } from '../../parts/icons.js';
import { useAnswer, usePoint } from '../data.js';
import { Dialog } from '../parts/dialog.js';
import { Desk, useStyle } from '../parts/frame.js';
import { Paper, PrintButton } from '../parts/paper.js';
import { bookName, columnName, fieldName, hrefOfField, readsWith, sayField, writesWith } from './book.js';
import { bookOf } from './books.js';
import { StateMark } from './columns.js';
import { Change, Enter, Void, readRow } from './edit.js';
import { File } from './file.js';
import { History } from './history.js';
import { inReach, learnThings, nameOf, thingOf } from './names.js';
import { Where, address, useMay } from './scope.js';
import { Ledgers } from './side.js';

/** @typedef {import('./book.js').Book} Book */

/** The fields that are shown of a row, those that say nothing among them. @param {Book} book */
const shownFields = (book) => book.fields.filter((f) => !f.name.startsWith('_') || f.say);

/** @param {{ book: Book, row: any }} props */
function Facts({ book, row }) {
  const fields = shownFields(book).filter((f) => (f.when ? sayField(f, row) !== '' : true)).filter((f) => !(f.name === 'on' || f.name === 'month') || !book.fields.some((x) => x.name === '_span'));
  return html`<dl class="list facts pad">
    ${fields.map((f) => {
      const said = sayField(f, row);
      const href = said ? hrefOfField(f, row) : null;
      return html`<dt key=${f.name}>${columnName(f)}</dt><dd>${href ? html`<a href=${href}>${said}</a>` : said || html`<span class="dim">${t('form.none')}</span>`}</dd>`;
    })}
    ${book.kind === 'log' ? html`<dt>${fieldName({ name: 'state' })}</dt><dd><${StateMark} state=${row.state} />${row.void_reason ? html` <span class="dim">${row.void_reason}</span>` : null}</dd>` : null}
    <dt>${t('book.entered_at')}</dt><dd>${whenText(row.created_at)}${row.logged_by && (can('accounts.manage') || row.logged_by === session.value.account?.id) ? ` ${nameOf('account', row.logged_by)}` : ''}</dd>
    <dt>${t('book.changed_at')}</dt><dd>${whenText(row.updated_at)} <span class="dim">${t('book.version', { n: row.version })}</span></dd>
  </dl>`;
}

/** What belongs to it, each ledger with what names it. @param {{ book: Book, row: any }} props */
function Below({ book, row }) {
  const books = (book.below ?? []).flatMap(({ book: code, by }) => {
    const other = bookOf(code);
    return other && can(readsWith(other)) ? [{ other, by }] : [];
  });
  if (!books.length) return null;
  return html`<section class="panel"><header><h2>${t('book.belongs')}</h2></header><ul class="rows slim">${books.map(({ other, by }) => html`<li key=${other.code}><div><a href=${address(`ledgers/${other.code}`, { [by]: row.id })}>${bookName(other)}</a></div>
    ${can(writesWith(other)) && row.state !== 'voided' ? html`<a class="btn" href=${address(`ledgers/${other.code}/new`, { [by]: row.id })}><${Icon} name="plus" />${t(`book.new.${other.code}`)}</a>` : null}</li>`)}</ul></section>`;
}

/** @param {{ book: Book, id: string }} props */
function Shown({ book, id }) {
  const { value: row, error, reload, loading } = useAnswer(`item/${book.code}/${id}`, () => readRow(book, id));
  const [act, setAct] = useState(/** @type {'' | 'change' | 'void'} */ (''));
  const [round, next] = useState(0);
  const near = row && (book.kind !== 'catalogue' || inReach(row.service_point_id)) ? row.service_point_id : null;
  const may = useMay(writesWith(book), near);
  const where = usePoint(near);
  const kind = thingOf(book.code);
  useEffect(() => { if (row && kind) learnThings(kind, [row]); }, [row]);
  const name = bookName(book);
  const title = row ? book.title(row) || name : name;
  const done = () => {
    setAct('');
    next((n) => n + 1);
    void reload();
  };
  const log = book.kind === 'log';
  const live = row && row.state !== 'voided';
  const columns = row ? shownFields(book).map((f) => ({ key: f.name, label: columnName(f), value: () => sayField(f, row) })) : [];
  const tools = html`<${PrintButton} />${may && live && act === '' ? html`${log ? html`<button type="button" class="btn warn" onClick=${() => setAct('void')}>${t('book.void')}</button>` : null}
    <button type="button" class="btn main" onClick=${() => setAct('change')}><${Icon} name="pen" />${t(log ? 'book.correct' : 'book.rewrite')}</button>` : null}`;
  return html`<${Desk} title=${title} nav="ledgers" flow side=${html`<${Ledgers} current=${book.code} />`} sub=${html`<a href="#/ledgers/${book.code}">${name}</a>`} above=${html`<${Where} where=${where} />`} tools=${tools}
    after=${row ? html`<div class="ledgerpaper"><${Paper} title=${`${name} · ${title}`} unit=${where.value?.name ?? ''} code=${row.id} columns=${[{ key: 'k', label: t('book.item') }, { key: 'v', label: t('book.content') }]}
      rows=${columns.map((c) => ({ key: c.key, k: c.label, v: c.value() }))} filler=${session.value.account?.display_name} date=${today()} /></div>` : null}>
    ${error && !row ? html`<${Failed} error=${error} retry=${reload} />` : !row ? html`<${Loading} />` : html`<div class="itempage">
      <section class="panel"><header><h2>${t(act === 'change' ? (log ? 'book.correct' : 'book.rewrite') : 'book.says')}</h2></header>
        ${act === 'change' ? html`<div class="pad"><${Change} key=${row.version} book=${book} row=${row} onDone=${done} onReload=${() => { void reload(); }} onCancel=${() => setAct('')} /></div>`
          : html`<${Facts} book=${book} row=${row} />`}</section>
      <div class="stack">
        ${book.file ? html`<${File} row=${row} may=${may} onDone=${done} />` : null}
        <${Below} book=${book} row=${row} />
        <${History} key=${`${row.version}-${round}`} book=${book} row=${row} />
      </div>
    </div>
    <${Dialog} title=${t('book.void')} open=${act === 'void'} onClose=${() => setAct('')}><${Void} book=${book} row=${row} what=${title} onDone=${done} onReload=${() => { setAct(''); void reload(); }} onCancel=${() => setAct('')} /><//>`}
    ${loading && row ? html`<p class="sr" role="status">${t('rows.loading')}</p>` : null}
  <//>`;
}

/** @param {{ ledger: string, id: string, query: URLSearchParams }} props */
export default function Item({ ledger, id, query }) {
  useStyle('desk-ledgers');
  const book = bookOf(ledger);
  if (!book || !can(readsWith(book))) return html`<${Desk} title=${t('book.ledgers')} nav="ledgers" side=${html`<${Ledgers} />`}><p class="panel hold">${t('book.no_such')}</p><//>`;
  if (id !== 'new') return html`<${Shown} book=${book} id=${id} />`;
  const title = t(`book.new.${book.code}`);
  if (!can(writesWith(book))) return html`<${Desk} title=${title} nav="ledgers" side=${html`<${Ledgers} current=${book.code} />`}><p class="panel hold">${t('book.may_not')}</p><//>`;
  return html`<${Desk} title=${title} nav="ledgers" flow side=${html`<${Ledgers} current=${book.code} />`} sub=${html`<a href="#/ledgers/${book.code}">${bookName(book)}</a>`}>
    <section class="panel formpanel"><div class="pad"><${Enter} book=${book} query=${query} onCancel=${() => back(`/ledgers/${book.code}`)} /></div></section>
  <//>`;
}
