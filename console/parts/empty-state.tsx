import type { ComponentChildren } from 'preact';

/** Where there is nothing: what would be here, and what to do for it. */
export function EmptyState({ title, children, actions }: EmptyStateProps) {
  return (
    <div class="empty-state">
      <h2>{title}</h2>
      {children !== undefined && <div>{children}</div>}
      {actions !== undefined && <div class="empty-actions">{actions}</div>}
    </div>
  );
}

export type EmptyStateProps = {
  readonly title: string;
  readonly children?: ComponentChildren;
  readonly actions?: ComponentChildren;
};
