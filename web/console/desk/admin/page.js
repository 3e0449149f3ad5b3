import { html, useEffect } from '../../core/html.js';
import { t } from '../../core/i18n.js';
import { replace } from '../../core/router.js';
import { Loading } from '../../parts/rows.js';
import { AdminPage } from './frame.js';
import { sections } from './rights.js';

/** Goes to the first part that one may use. */
export default function Admin() {
  useEffect(() => replace((sections()[0]?.href ?? '#/admin/codes').slice(1)), []);
  return html`<${AdminPage} title=${t('admin.title')} section=""><${Loading} /><//>`;
}
