import { html } from '../core/html.js';
import { get } from '../core/api.js';
import { t, tn } from '../core/i18n.js';
import { dayText, monthText, thisMonth } from '../core/format.js';
import { can, session } from '../core/session.js';
import { outbox } from '../core/outbox.js';
import { useAnswer } from '../core/sync.js';
import { draftKeys } from '../core/draft.js';
import { State } from './state.js';
import { Row, Rows, Section, refusalText } from './rows.js';
import { useDoubts } from './report-doubts.js';
import { daysUntil, dueMonth, ruleName, standing, upText, useMonth } from './report-data.js';

/**
 * One thing that waits for somebody. What was sent back comes before what is only due.
 * @typedef {{ key: string, kind: import('./state.js').Kind, href: string, title: string, text?: string }} Todo
 */

/** What waits: sent back, to be reported, doubtful, unread, half registered. */
export function TodoList() {
  const here = session.value.here;
  const month = dueMonth();
  const report = useMonth(here?.id ?? '', month, can('reports.read', here?.id));
  // A month that is with the reviewer asks for nothing any more: then it is the running one that is looked at.
  const closed = ['submitted', 'approved'].includes(standing(report.view.value));
  const looked = closed ? thisMonth() : month;
  const { own, rules } = useDoubts(here?.id ?? '', looked);
  const unread = useAnswer(can('notices.read', here?.id) ? 'unread' : '', () => get('/notices/unread'));

  /** @type {Todo[]} */
  const todos = [];
  const refused = outbox.value.filter((e) => e.state === 'refused');
  if (refused.length) {
    todos.push({ key: 'refused', kind: 'return', href: '#/outbox', title: tn('todo.refused', refused.length), text: refusalText(refused[0]?.problem) });
  }
  const due = reportTodo(report, month);
  if (due) todos.push(due);
  if (own.length) {
    const errors = own.some((/** @type {any} */ d) => d.severity === 'error');
    todos.push({ key: 'doubts', kind: errors ? 'error' : 'doubt', href: `#/report?month=${looked}`, title: tn('todo.doubts', own.length), text: ruleName(rules, own[0].rule) });
  }
  if (draftKeys.value.includes('register')) todos.push({ key: 'draft', kind: 'none', href: '#/register', title: t('todo.draft'), text: t('todo.draft_text') });
  if (unread.value?.unread) todos.push({ key: 'unread', kind: 'none', href: '#/notices', title: tn('todo.unread', unread.value.unread) });

  return html`<${Section} title=${t('todo.title')} aside=${todos.length ? tn('todo.count', todos.length) : null}>
    <${Rows}>
      ${todos.length ? todos.map((todo) => html`<${Row} key=${todo.key} href=${todo.href}
        before=${html`<${State} kind=${todo.kind} />`}><b>${todo.title}</b>${todo.text ? html`<br /><span class="dim tiny">${todo.text}</span>` : null}<//>`)
        : html`<${Row} before=${html`<${State} kind="ok" />`}>${t('todo.none')}<//>`}
    <//>
  <//>`;
}

/** The month's report, as long as something is to be done about it. @param {any} report @param {string} month @returns {Todo | null} */
function reportTodo(report, month) {
  const view = report.view.value;
  if (!view?.is_expected || !can('reports.submit', session.value.here?.id)) return null;
  const href = `#/report?month=${month}`;
  const name = monthText(month);
  const state = standing(view);
  if (state === 'returned') return { key: 'report', kind: 'return', href, title: t('todo.returned', { month: name }), text: view.report.reason };
  if (state === 'submitted' || state === 'approved') return null;
  const due = report.times.value?.due_on;
  const left = due ? daysUntil(due) : null;
  const up = upText();
  const text = !due || left === null ? '' : left < 0 ? t('todo.late', { day: dayText(due), n: -left })
    : left === 0 ? t('todo.due_today', { up }) : tn('todo.due', left, { day: dayText(due), up });
  const kind = left !== null && left < 0 ? 'doubt' : 'wait';
  return { key: 'report', kind, href, title: t(state === 'open' ? 'todo.open_again' : 'todo.unreported', { month: name }), text };
}
