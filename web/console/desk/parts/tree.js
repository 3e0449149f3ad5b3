import { html, signal, useEffect, useMemo, useRef, useState } from '../../core/html.js';
import { t } from '../../core/i18n.js';
import { get } from '../../core/api.js';
import { go } from '../../core/router.js';
import { session } from '../../core/session.js';
import { Icon } from '../../parts/icons.js';
import { faultText } from '../../parts/rows.js';
import { learn, readChildren, usePoint } from '../data.js';

/** @typedef {{ id: string, name: string, tier: string, status?: string }} Node */

/** What is open, and what lies below: kept from page to page. */
const open = signal(/** @type {ReadonlySet<string>} */ (new Set()));
const below = signal(/** @type {ReadonlyMap<string, Node[] | 'loading' | 'failed'>} */ (new Map()));
let owner = '';

/** @param {string} id @param {Node[] | 'loading' | 'failed'} what */
const put = (id, what) => (below.value = new Map(below.peek()).set(id, what));

/** @param {string} id */
async function fetchBelow(id) {
  const known = below.peek().get(id);
  if (known && known !== 'failed') return;
  put(id, 'loading');
  await readChildren(id).then((points) => put(id, points), () => put(id, 'failed'));
}

/** @param {string[]} ids */
function openAll(ids) {
  open.value = new Set([...open.peek(), ...ids]);
  for (const id of ids) void fetchBelow(id);
}

/** @param {string} id */
function toggle(id) {
  if (!open.peek().has(id)) return openAll([id]);
  open.value = new Set([...open.peek()].filter((x) => x !== id));
}

/** Forgets what was fetched below points: after one was opened, moved or closed. */
export function refreshTree() {
  below.value = new Map();
  for (const id of open.peek()) void fetchBelow(id);
}

const TIERS = ['bureau', 'county', 'township', 'village'];

/** The four bands, the one of the tier dark. @param {{ tier: string }} props */
export function TierMark({ tier }) {
  const at = TIERS.indexOf(tier);
  return html`<svg class="tier" viewBox="0 0 16 16" role="img" aria-label=${t(`tier.${tier}`)}>
    ${[10, 7, 3.5, 0].map((x, n) => html`<rect key=${n} class=${n === at ? 'b1' : undefined} x=${x} y=${n * 4.3} width=${16 - x} height="3.1" />`)}
  </svg>`;
}

/** The own points that lie below no other own one. */
const roots = () => {
  const points = session.value.points ?? [];
  return points.filter((p) => !p.above.some((id) => points.some((other) => other.id === id)));
};

/** The treeitems that are to be seen. @param {HTMLElement} tree */
const items = (tree) => /** @type {HTMLElement[]} */ ([...tree.querySelectorAll('[role="treeitem"]')]);

/**
 * The points, opened as one goes down, and a search.
 * @param {{ current?: string | null, href?: (id: string) => string, marks?: Map<string, any> }} props `marks` stand at the end of a point's row
 */
export function Tree({ current, href = (id) => `#/network/${id}`, marks }) {
  const account = session.value.account?.id ?? '';
  if (owner !== account) {
    owner = account;
    open.value = new Set();
    below.value = new Map();
  }
  const [q, setQ] = useState('');
  const point = usePoint(current);
  const [active, setActive] = useState(/** @type {string | null} */ (null));
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => {
    if (!current || !point.value || point.value.id !== current) return;
    openAll([...point.value.above.map((/** @type {Node} */ p) => p.id), ...(point.value.tier === 'village' ? [] : [current])]);
    setActive(current);
  }, [current, point.value?.id]);
  useEffect(() => {
    box.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest' });
  }, [active]);
  const onKey = (/** @type {KeyboardEvent} */ e) => {
    const at = /** @type {HTMLElement} */ (e.target).closest('[role="treeitem"]');
    if (!box.current || !at || e.ctrlKey || e.altKey || e.metaKey) return;
    const all = items(box.current);
    const n = all.indexOf(/** @type {HTMLElement} */ (at));
    const id = /** @type {HTMLElement} */ (at).dataset.id ?? '';
    const expanded = at.getAttribute('aria-expanded');
    const level = Number(at.getAttribute('aria-level'));
    let to = /** @type {HTMLElement | undefined} */ (undefined);
    if (e.key === 'ArrowDown') to = all[n + 1];
    else if (e.key === 'ArrowUp') to = all[n - 1];
    else if (e.key === 'Home') to = all[0];
    else if (e.key === 'End') to = all.at(-1);
    else if (e.key === 'ArrowRight' && expanded === 'false') toggle(id);
    else if (e.key === 'ArrowRight' && expanded === 'true') to = all[n + 1];
    else if (e.key === 'ArrowLeft' && expanded === 'true') toggle(id);
    else if (e.key === 'ArrowLeft') to = all.slice(0, n).reverse().find((x) => Number(x.getAttribute('aria-level')) < level);
    else if (e.key === ' ') go(href(id).replace(/^#/, ''));
    else return;
    e.preventDefault();
    if (!to) return;
    setActive(to.dataset.id ?? null);
    to.focus();
  };
  const tops = roots();
  const reached = active ?? tops[0]?.id;
  return html`<label class="field"><${Icon} name="search" /><span class="sr">${t('tree.search')}</span>
      <input type="search" autocomplete="off" placeholder=${t('tree.hint')} value=${q} onInput=${(/** @type {any} */ e) => setQ(e.target.value)} /></label>
    ${q.trim() ? html`<${Found} q=${q.trim()} href=${href} done=${() => setQ('')} />` : null}
    <ul class="tree" role="tree" aria-label=${t('tree.points')} ref=${box} onKeyDown=${onKey} hidden=${Boolean(q.trim())}>
      ${tops.map((node) => html`<${Branch} key=${node.id} node=${node} level=${1} current=${current} reached=${reached} href=${href} marks=${marks} />`)}
    </ul>`;
}

/** @param {{ node: Node, level: number, current?: string | null, reached?: string, href: (id: string) => string, marks?: Map<string, any> }} props */
function Branch({ node, level, current, reached, href, marks }) {
  const leaf = node.tier === 'village';
  const isOpen = !leaf && open.value.has(node.id);
  const children = below.value.get(node.id);
  const twist = (/** @type {Event} */ e) => {
    e.preventDefault();
    toggle(node.id);
  };
  return html`<li role="none" class=${isOpen ? 'open' : undefined}>
    <a role="treeitem" href=${href(node.id)} data-id=${node.id} aria-level=${level} aria-expanded=${leaf ? undefined : String(isOpen)} aria-owns=${isOpen ? `below-${node.id}` : undefined}
      aria-current=${node.id === current ? 'page' : undefined} tabindex=${node.id === reached ? 0 : -1}>
      ${leaf ? html`<span class="twist"></span>` : html`<span class="twist" aria-hidden="true" onClick=${twist}><${Icon} name="go" /></span>`}
      ${node.tier === 'bureau' || node.tier === 'county' ? html`<${TierMark} tier=${node.tier} />` : null}<span class="name">${node.name}</span>
      ${node.status && node.status !== 'active' ? html`<span class="dim">${t(`point_status.${node.status}`)}</span>` : marks?.get(node.id)}
    </a>
    ${isOpen ? html`<ul role="group" id="below-${node.id}">
      ${Array.isArray(children) ? children.map((child) => html`<${Branch} key=${child.id} node=${child} level=${level + 1} current=${current} reached=${reached} href=${href} marks=${marks} />`)
        : html`<li role="none" class="dim small waiting">${children === 'failed' ? t('rows.failed') : t('rows.loading')}</li>`}
    </ul>` : null}
  </li>`;
}

/** @param {{ q: string, href: (id: string) => string, done: () => void }} props */
function Found({ q, href, done }) {
  const state = useMemo(() => signal(/** @type {{ items: any[] | null, more: boolean, error: unknown }} */ ({ items: null, more: false, error: null })), []);
  useEffect(() => {
    let gone = false;
    // While somebody types, only the last word is asked for.
    const timer = setTimeout(() => get('/service-points', { q, limit: 30 }).then((page) => {
      if (gone) return;
      learn(page.items);
      state.value = { items: page.items, more: page.next_cursor !== null, error: null };
    }, (error) => {
      if (!gone) state.value = { items: [], more: false, error };
    }), 200);
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [q]);
  const { items: found, more, error } = state.value;
  return html`<div class="found" role="region" aria-label=${t('tree.found')} aria-live="polite">
    ${error ? html`<p class="pad small">${faultText(error)}</p>` : null}
    ${found === null ? html`<p class="pad small dim">${t('rows.loading')}</p>` : found.length === 0 && !error ? html`<p class="pad small dim">${t('tree.none', { q })}</p>` : null}
    <ul class="tree">${(found ?? []).map((p) => html`<li key=${p.id}><a href=${href(p.id)} onClick=${done}><${TierMark} tier=${p.tier} /><span class="name">${p.name}</span><span class="dim code">${p.region_code}</span></a></li>`)}</ul>
    ${more ? html`<p class="pad small dim">${t('tree.more')}</p>` : null}
  </div>`;
}
