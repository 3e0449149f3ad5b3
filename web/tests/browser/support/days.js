// Days in China, worked out apart from the console, which has to agree.

/** @returns {string} */
export const today = () => new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);

export const thisMonth = () => today().slice(0, 7);

/** @param {string} month @param {number} by */
export function addMonths(month, by) {
  const all = Number(month.slice(0, 4)) * 12 + Number(month.slice(5)) - 1 + by;
  return `${Math.floor(all / 12)}-${String((all % 12) + 1).padStart(2, '0')}`;
}
