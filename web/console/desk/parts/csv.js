/** Tables as files that Excel and WPS open: UTF-8 with its mark, CRLF, and no cell that could be taken for a formula. */

/** @param {unknown} value */
function cell(value) {
  if (value === null || value === undefined) return '';
  let text = String(value);
  // A negative number is a number; anything else that begins so might be carried out.
  if (typeof value !== 'number' && /^[=+\-@\t\r]/.test(text) && !/^-\d+(\.\d+)?$/.test(text)) text = `'${text}`;
  return /[",\r\n]/.test(text) || text !== text.trim() ? `"${text.replaceAll('"', '""')}"` : text;
}

/** @param {unknown[][]} lines */
export const csvText = (lines) => `\uFEFF${lines.map((line) => line.map(cell).join(',')).join('\r\n')}\r\n`;

/** Saves lines as a file. @param {string} name without its end @param {unknown[][]} lines */
export function saveCsv(name, lines) {
  const url = URL.createObjectURL(new Blob([csvText(lines)], { type: 'text/csv;charset=utf-8' }));
  Object.assign(document.createElement('a'), { href: url, download: `${name.replaceAll(/[\\/:*?"<>|\s]+/g, '-')}.csv` }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
