// Where in the view someone is: nodes, one node's destinations, one destination's sources, one source's ports.

export type TopPlace =
  | { readonly kind: 'nodes' }
  | { readonly kind: 'spaces'; readonly node: string }
  | { readonly kind: 'sources'; readonly node: string; readonly space: string }
  | { readonly kind: 'ports'; readonly node: string; readonly space: string; readonly source: string };

export type PlaceKind = TopPlace['kind'];
