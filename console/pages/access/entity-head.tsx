import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { mayChange } from '../../api/config.ts';
import { Button } from '../../parts/button.tsx';
import { Confirm } from '../../parts/confirm.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { toast } from '../../parts/toasts.tsx';
import { go, href } from '../../shell/router.ts';
import { t } from './text.ts';

/** The head of a page of one thing that can be deleted. */
export function EntityHead({ name, folder, arn, text, remove, children }: EntityHeadProps) {
  const isDeleting = useSignal(false);
  const run = async () => {
    await remove();
    toast('good', t.gone(name));
    go(href(['access', folder]));
  };
  const actions = (
    <>
      {arn !== undefined && folder !== 'policies' && (
        <a class="button" href={href(['access', 'check'], { who: arn })}>
          {t.asks}
        </a>
      )}
      <Button kind="danger" disabled={!mayChange()} onPress={() => (isDeleting.value = true)}>
        {t.delete}
      </Button>
    </>
  );
  return (
    <>
      <PageHead title={name} actions={actions}>
        {children}
      </PageHead>
      {isDeleting.value && (
        <Confirm
          title={t.deleteTitle(name)}
          word={name}
          action={t.delete}
          run={run}
          onClose={() => (isDeleting.value = false)}
        >
          <p>{text}</p>
        </Confirm>
      )}
    </>
  );
}

type EntityHeadProps = {
  readonly name: string;
  readonly folder: 'users' | 'groups' | 'roles' | 'policies';
  readonly arn?: string | undefined;
  /** What goes with it. */
  readonly text: string;
  readonly remove: () => Promise<unknown>;
  readonly children?: ComponentChildren;
};
