// The parts of a Markdown file that checks need: links, headings, code spans. Fenced code blocks are not prose.

export interface MarkdownLink {
  readonly target: string;
  readonly line: number;
}

/** Links and images, `[text](target)` and `[name]: target`, outside code. */
export function markdownLinks(text: string): MarkdownLink[] {
  return proseLines(text).flatMap(({ line, prose }) => {
    const inline = [...prose.matchAll(/\]\(\s*<?([^)\s>]+)>?[^)]*\)/g)];
    const reference = [...prose.matchAll(/^\s*\[[^\]]+\]:\s*(\S+)/g)];
    return [...inline, ...reference].map((match) => ({ target: match[1] ?? '', line }));
  });
}

/** The anchors GitHub makes of the headings. */
export function markdownAnchors(text: string): Set<string> {
  const anchors = new Set<string>();
  for (const { prose } of proseLines(text, { keepCode: true })) {
    const heading = /^#{1,6}\s+(.*?)\s*#*$/.exec(prose)?.[1];
    if (heading === undefined) continue;
    const slug = slugOf(heading);
    let unique = slug;
    for (let count = 1; anchors.has(unique); count += 1) unique = `${slug}-${count}`;
    anchors.add(unique);
  }
  return anchors;
}

/** The texts of `code spans`, with their lines. */
export function codeSpans(text: string): { readonly code: string; readonly line: number }[] {
  return proseLines(text, { keepCode: true }).flatMap(({ line, prose }) =>
    [...prose.matchAll(/`([^`]+)`/g)].map((match) => ({ code: match[1] ?? '', line })),
  );
}

function slugOf(heading: string): string {
  const plain = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
  return plain.replaceAll(/[^\p{L}\p{N}\s_-]/gu, '').replaceAll(/\s/g, '-');
}

function proseLines(text: string, options: { keepCode?: boolean } = {}): { line: number; prose: string }[] {
  let fence: string | undefined;
  return text.split('\n').flatMap((raw, index) => {
    const mark = /^\s*(```+|~~~+)/.exec(raw)?.[1];
    if (mark !== undefined) {
      if (fence === undefined) fence = mark;
      else if (mark.startsWith(fence)) fence = undefined;
      return [];
    }
    if (fence !== undefined) return [];
    return [{ line: index + 1, prose: options.keepCode === true ? raw : raw.replaceAll(/`[^`]*`/g, '') }];
  });
}
