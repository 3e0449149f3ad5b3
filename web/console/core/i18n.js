/** The words of the interface in both languages, and the labels of the code lists. */
export { addWords, entries, label, language, setCodeLists, setLanguage, t, tn } from './base.js';
