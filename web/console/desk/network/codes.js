/** Names of the kinds and types that figures are divided by: code lists, or collections of the API. */
import { label } from '../../core/i18n.js';
import { can } from '../../core/session.js';
import { all, useAnswer } from '../data.js';

/** What reading a collection takes. @type {Record<string, string>} */
const READS = { platforms: 'catalogues.read', products: 'catalogues.read', campaigns: 'catalogues.read' };

/**
 * Hook: the name of a kind or type of a metric.
 * @param {{ code_list?: string, collection?: string } | null | undefined} names
 * @returns {(code: string | null | undefined) => string}
 */
export function useCodeNames(names) {
  const collection = names?.collection;
  const may = collection !== undefined && can(READS[collection] ?? 'catalogues.read');
  const answer = useAnswer(may ? `names/${collection}` : '', async () => new Map((await all(`/${collection}`)).map((item) => [item.id, item.name])));
  if (names?.code_list) {
    const list = names.code_list;
    return (code) => (code ? label(list, code) : '');
  }
  return (code) => (code ? answer.value?.get(code) ?? code.slice(0, 8) : '');
}
