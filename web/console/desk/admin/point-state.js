import { html } from '../../core/html.js';
import { label } from '../../core/i18n.js';
import { State } from '../../parts/state.js';

/** @type {Record<string, import('../../parts/state.js').Kind>} */
const KINDS = { active: 'ok', planned: 'wait', suspended: 'doubt', closed: 'none', merged: 'none' };

/** Where a point is in its life. @param {{ point: { status: string }, chip?: boolean }} props */
export const PointState = ({ point, chip }) => html`<${State} kind=${KINDS[point.status] ?? 'none'} chip=${chip} word=${label('service_point_status', point.status)} />`;

/** Whether its life is over: then nothing of it is changed any more. @param {{ status: string }} point */
export const isEnded = (point) => point.status === 'closed' || point.status === 'merged';

/** The tiers, from the top. */
export const TIERS = ['bureau', 'county', 'township', 'village'];

/** The tier just below, or none. @param {string} tier */
export const tierBelow = (tier) => TIERS[TIERS.indexOf(tier) + 1] ?? null;

/** The tier just above, or none. @param {string} tier */
export const tierAbove = (tier) => TIERS[TIERS.indexOf(tier) - 1] ?? null;
