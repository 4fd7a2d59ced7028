// docs/reference/errors.md, made from the error catalogue.

export type Catalogue = Readonly<Record<string, { readonly meaning: string; readonly help: string }>>;

/** The page's text. */
export function errorsPage(catalogue: Catalogue): string {
  const sections = Object.entries(catalogue).map(
    ([code, { meaning, help }]) => `## ${code}\n\n${meaning}.\n\nWhat helps: ${help}.\n`,
  );
  return [
    '# Errors\n',
    '<!-- Generated from src/core/errors/catalogue.ts by `npm run reference`. -->\n',
    'Every operational error carries one of these codes. A code is never reused for something else. What could not be seen is no',
    'error: it is a gap, named in the output together with what it weakens.\n',
    ...sections,
  ].join('\n');
}
