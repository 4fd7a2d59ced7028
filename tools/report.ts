// What a house check found, and how it is printed.

export interface Report {
  /** Each one fails the check. */
  readonly problems: readonly string[];
  /** Worth reading, never failing. */
  readonly notes: readonly string[];
  /** What was looked at, so that "no problems" cannot mean "nothing seen". */
  readonly summary: string;
}

/** The report as text, problems last: the end of a long output is what people read. */
export function formatReport(name: string, report: Report): string {
  const count = report.problems.length;
  const verdict = count === 0 ? 'no problems' : `${count} ${count === 1 ? 'problem' : 'problems'}`;
  return [
    ...report.notes.map((note) => `${name}: note: ${note}`),
    ...report.problems.map((problem) => `${name}: ${problem}`),
    `${name}: ${verdict} in ${report.summary}`,
    '',
  ].join('\n');
}
