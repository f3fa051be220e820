import type { ComponentChildren } from 'preact';

/** How each page begins. Its heading has the focus after one came here. */
export function PageHead({ title, badges, actions, children }: PageHeadProps) {
  return (
    <header class="page-head">
      <div class="page-title">
        <h1 tabIndex={-1}>{title}</h1>
        {badges}
        {actions !== undefined && <div class="page-actions">{actions}</div>}
      </div>
      {children !== undefined && <div class="page-lead">{children}</div>}
    </header>
  );
}

export type PageHeadProps = {
  readonly title: string;
  readonly badges?: ComponentChildren;
  readonly actions?: ComponentChildren;
  /** A sentence or facts about what it shows. */
  readonly children?: ComponentChildren;
};
