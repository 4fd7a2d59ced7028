// How `--dry-run` may be given to install and uninstall.
export const DRY_RUNS = ['none', 'client'] as const;
