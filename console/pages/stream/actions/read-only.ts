import { mayChange } from '../../../api/config.ts';
import { texts } from '../../../text/text.ts';

const t = texts({
  en: { why: 'This console is read-only.' },
  es: { why: 'Esta consola es de solo lectura.' },
});

/** Why a button that changes something cannot be pressed, as a button takes it; nothing where it can. */
export function readOnlyWhy(): { readonly why?: string } {
  return mayChange() ? {} : { why: t.why };
}
