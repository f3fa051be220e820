import type { Asked } from '../api/asked.ts';
import { texts } from '../text/text.ts';
import { Button } from './button.tsx';
import { errorText } from './error-text.ts';
import { Notice } from './notice.tsx';

const t = texts({ en: { again: 'Try again' }, es: { again: 'Reintentar' } });

/** Why something could not be asked, where it could not, with a button to try again. */
export function Trouble({ asked }: { readonly asked: Pick<Asked<unknown>, 'error' | 'again'> }) {
  if (asked.error === undefined) return null;
  return (
    <Notice kind="bad" actions={<Button onPress={asked.again}>{t.again}</Button>}>
      {errorText(asked.error)}
    </Notice>
  );
}
