// The API as somebody else uses it: what the screen says is compared with what this says.
import { randomUUID } from 'node:crypto';
import { addMonths, thisMonth, today } from './days.js';

/** @typedef {Record<string, any>} Json */

/** Somebody who has signed in. */
export class Api {
  /** @param {string} origin @param {string} token */
  constructor(origin, token) {
    this.origin = origin;
    this.token = token;
  }

  /** @param {string} origin @param {string} username @param {string} password */
  static async signIn(origin, username, password) {
    const answer = await new Api(origin, '').post('/auth/sign-in', { username, password });
    return new Api(origin, answer.access_token);
  }

  /**
   * @param {string} method @param {string} path @param {Json} [body] @param {number} [version]
   * @returns {Promise<Json>}
   */
  async ask(method, path, body, version) {
    const answer = await fetch(`${this.origin}/api/v1${path}`, {
      method,
      headers: {
        ...(this.token ? { authorization: `Bearer ${this.token}` } : {}),
        ...(body ? { 'content-type': 'application/json' } : {}),
        ...(version === undefined ? {} : { 'if-match': `"${version}"` }),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await answer.text();
    if (!answer.ok) {
      throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    }
    return text ? JSON.parse(text) : {};
  }

  /** @param {string} path @param {Record<string, string>} [query] */
  get(path, query = {}) {
    const search = new URLSearchParams(query).toString();
    return this.ask('GET', search ? `${path}?${search}` : path);
  }

  /** @param {string} path @param {Json} body @param {number} [version] */
  post(path, body, version) {
    return this.ask('POST', path, body, version);
  }

  /** @param {string} path @param {Json} body @param {number} version */
  patch(path, body, version) {
    return this.ask('PATCH', path, body, version);
  }

  /**
   * Everything of a list.
   * @param {string} path @param {Record<string, string>} query
   * @returns {Promise<Json[]>}
   */
  async all(path, query) {
    const items = [];
    let cursor = null;
    do {
      const page = /** @type {Json} */ (await this.get(path, { ...query, limit: '200', ...(cursor ? { cursor } : {}) }));
      items.push(...page.items);
      cursor = page.next_cursor;
    } while (cursor);
    return items;
  }

  /** @param {string} point @param {string} name of its head @param {Json} [more] */
  household(point, name, more = {}) {
    return this.post('/households', {
      id: randomUUID(),
      service_point_id: point,
      address: '模拟地址',
      household_type: 'general',
      members: [{ name, relation: '02', no_identity_reason: 'unknown' }],
      ...more,
    });
  }

  /** @param {string} point @param {string} household @param {Json} [more] */
  assistance(point, household, more = {}) {
    return this.post('/assistance-records', {
      id: randomUUID(),
      service_point_id: point,
      household_id: household,
      kind: 'logistics',
      given_on: today(),
      quantity: 1,
      ...more,
    });
  }

  /**
   * The totals of a point's figures.
   * @param {string} point @param {string} month
   */
  async figures(point, month) {
    const metrics = 'assistance_count,assistance_amount,households_assisted';
    const { items } = await this.get(`/service-points/${point}/statistics`, { period: month, metrics });
    return Object.fromEntries(items.map((/** @type {Json} */ item) => [item.metric, item.total]));
  }

  /**
   * What a point gave since the month before, a line for each record: household, kind, quantity, state, version.
   * @param {string} point
   */
  async records(point) {
    const from = `${addMonths(thisMonth(), -1)}-01`;
    const [records, households] = await Promise.all([
      this.all('/assistance-records', { service_point_id: point, from }),
      this.all('/households', { service_point_id: point }),
    ]);
    const names = new Map(households.map(({ id, head_name }) => [id, head_name]));
    return records
      .map((one) => `${names.get(one.household_id) ?? 'elsewhere'} ${one.subkind ?? one.kind} ${one.quantity} ${one.state} v${one.version}`)
      .sort();
  }

  /** The heads of a point's households. @param {string} point */
  async heads(point) {
    const households = await this.all('/households', { service_point_id: point });
    return households.map(({ head_name }) => /** @type {string} */ (head_name)).sort();
  }
}
