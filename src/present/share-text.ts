// A share 0..1 in per cent that never rounds to nothing or to all: `81 %`, `<1 %`, `>99 %`.

/** The share in whole per cent. */
export function formatShare(share: number): string {
  if (share <= 0) return '0 %';
  if (share >= 1) return '100 %';
  if (share < 0.01) return '<1 %';
  if (share > 0.99) return '>99 %';
  return `${Math.round(share * 100)} %`;
}
