/** The menu of ledgers at the side: groups, and in each what one may read. */
import { html } from '../../core/html.js';
import { t } from '../../core/i18n.js';
import { can } from '../../core/session.js';
import { bookName, readsWith } from './book.js';
import { BOOKS, GROUPS } from './books.js';

/** The ledgers that one may read. */
export const readable = () => BOOKS.filter((book) => can(readsWith(book)));

/** @param {{ current?: string }} props */
export function Ledgers({ current }) {
  const books = readable();
  return html`<nav class="ledgers scroll" aria-label=${t('book.ledgers')}>
    <a href="#/ledgers" aria-current=${current === undefined ? 'page' : undefined}>${t('book.overview')}</a>
    ${GROUPS.map((group) => [group, books.filter((book) => book.group === group)]).filter(([, inside]) => inside?.length).map(([group, inside]) => html`<div key=${group}>
      <h2 class="tiny dim">${t(`book.group.${group}`)}</h2>
      <ul>${/** @type {import('./book.js').Book[]} */ (inside).map((book) => html`<li key=${book.code}><a href="#/ledgers/${book.code}" aria-current=${book.code === current ? 'page' : undefined}>${bookName(book)}</a></li>`)}</ul>
    </div>`)}
  </nav>`;
}
